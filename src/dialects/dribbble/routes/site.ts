import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount } from '../../../library/accounts.ts'
import { findItem } from '../../../library/items.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { callOf } from '../call.ts'
import { MOUNT } from '../door.ts'
import { idIn } from '../ids.ts'
import type { ShotPath } from './shots.ts'

/** The addresses that `html_url` gives: people who follow them come to the library's own pages. */
export function siteRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<ShotPath>('/shots/:id', async (request, reply) => {
    const { item } = await findItem(ctx, ANONYMOUS, idIn(request.params.id, 'item'))
    return reply.redirect(`${pagesAddress(ctx, request)}/items/${item.id}`, 303)
  })

  face.get<{ Params: { login: string } }>('/:login', async (request, reply) => {
    const { login } = await findAccount(ctx.db, request.params.login)
    return reply.redirect(`${pagesAddress(ctx, request)}/people/${encodeURIComponent(login)}`, 303)
  })
}

/**
 * Where the library's pages are, seen from a request to this dialect: the configured public address; beside the
 * mount; or, for a request to a host of the dialect's own, the address listened on.
 */
export function pagesAddress({ config }: Pick<Context, 'config'>, request: FastifyRequest): string {
  if (config.VITRINE_URL !== null) return config.VITRINE_URL.href.replace(/\/+$/, '')
  const { base } = callOf(request)
  if (base.endsWith(MOUNT)) return base.slice(0, -MOUNT.length)
  const host = config.VITRINE_HOST.includes(':') ? `[${config.VITRINE_HOST}]` : config.VITRINE_HOST
  return `http://${host}:${request.socket.localPort ?? config.VITRINE_PORT}`
}
