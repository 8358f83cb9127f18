import type { FastifyRequest } from 'fastify'

/** A method that changes nothing. */
export const isRead = ({ method }: Pick<FastifyRequest, 'method'>) => method === 'GET' || method === 'HEAD'

/** The query as it came, with its question mark; '' when there is none. */
export function queryOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}
