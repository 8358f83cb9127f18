import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { openReach } from '../../../faces/reached.ts'
import { findAccount } from '../../../library/accounts.ts'
import { findItem } from '../../../library/items.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { MOUNT } from '../door.ts'
import { idIn } from '../ids.ts'
import type { ShotPath } from './shots.ts'

/** The addresses that `html_url` gives: people who follow them come to the library's own pages. */
export function siteRoutes(face: FastifyInstance, ctx: Context): void {
  const pagesFor = openPages(ctx)

  face.get<ShotPath>('/shots/:id', async (request, reply) => {
    const { item } = await findItem(ctx, ANONYMOUS, idIn(request.params.id, 'item'))
    return reply.redirect(`${pagesFor(request)}/items/${item.id}`, 303)
  })

  face.get<{ Params: { login: string } }>('/:login', async (request, reply) => {
    const { login } = await findAccount(ctx.db, request.params.login)
    return reply.redirect(`${pagesFor(request)}/people/${encodeURIComponent(login)}`, 303)
  })
}

/** Where the library's pages are, seen from a request to this dialect; no slash at the end. */
export function openPages({ config }: Pick<Context, 'config'>): (request: FastifyRequest) => string {
  const reach = openReach(config, { mount: MOUNT, hosts: config.VITRINE_DRIBBBLE_HOSTS })
  return (request) => reach(request).pages
}
