import type { FastifyReply } from 'fastify'

const EXPOSED = 'access-control-expose-headers'

/**
 * Names the new thing's address. Scripts of other sites may read only the headers they are told of, so the name of
 * this one is put behind the documented list ("Cross Origin Resource Sharing"); upload tools need it.
 */
export function locatedAt(reply: FastifyReply, address: string): FastifyReply {
  const exposed = reply.getHeader(EXPOSED)
  if (typeof exposed === 'string' && !/\bLocation\b/.test(exposed))
    reply.header(EXPOSED, `${exposed}, Location`)
  return reply.header('location', address)
}
