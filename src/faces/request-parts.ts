import type { FastifyRequest } from 'fastify'

/** A method that changes nothing. */
export const isRead = ({ method }: Pick<FastifyRequest, 'method'>) => method === 'GET' || method === 'HEAD'

/** The query as it came, with its question mark; '' when there is none. */
export function queryOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}

/** What Fastify itself refuses: a body announced too large, a length that does not match. */
export function isFrameworkRefusal(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}
