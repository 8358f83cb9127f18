import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount } from '../../../library/accounts.ts'
import { listCollected } from '../../../library/collected-lists.ts'
import { findCollectionBySlug } from '../../../library/collection-lists.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { findItem } from '../../../library/items.ts'
import { itemIdOfToken } from '../../../library/short-tokens.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { itemPage, partAddress, personPage, viewAddress } from '../addresses.ts'
import { callOf } from '../call.ts'
import { notFound } from '../errors.ts'
import { presentFeed } from '../feed.ts'
import { assetOf, collectionOf, userCalled } from '../finding.ts'

const SITE = { config: { gimmebar: { site: true } } } as const
const RSS = 'application/rss+xml; charset=utf-8'
const FEED = { offset: 0, limit: 50 }

/** Addresses of the old site that are about: they lead to the library's own pages, or are feeds. */
export function siteRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<{ Params: { id: string } }>('/view/:id', SITE, async (request, reply) => {
    const { item } = await assetOf(ctx, ANONYMOUS, request.params.id)
    return reply.redirect(itemPage(callOf(request).pages, item), 302)
  })
  face.get<{ Params: { id: string } }>('/collection/:id/:slug', SITE, async (request, reply) => {
    // The slug may be an old one.
    const { owner_id: ownerId } = await collectionOf(ctx, ANONYMOUS, request.params.id)
    const { login } = await findAccount(ctx.db, ownerId)
    return reply.redirect(personPage(callOf(request).pages, login), 302)
  })
  for (const path of ['/user/:username', '/loves/:username'])
    face.get<{ Params: { username: string } }>(path, SITE, async (request, reply) => {
      const { login } = await userCalled(ctx, request.params.username)
      return reply.redirect(personPage(callOf(request).pages, login), 302)
    })
  face.get<{ Params: { token: string } }>('/:token', SITE, async (request, reply) => {
    const id = itemIdOfToken(request.params.token)
    if (id === null) throw notFound('No such page')
    const { item } = await findItem(ctx, ANONYMOUS, id)
    return reply.redirect(viewAddress(callOf(request).base, item), 302)
  })
  feedRoutes(face, ctx)
}

function feedRoutes(face: FastifyInstance, ctx: Context): void {
  const start = '/public/feed/user/:username'
  face.get<{ Params: { username: string } }>(start, SITE, async (request, reply) => {
    const { base } = callOf(request)
    const { id: ownerId, login } = await userCalled(ctx, request.params.username)
    const { rows } = await listCollected(ctx, ANONYMOUS, { ownerId, private: false }, FEED)
    const feed = presentFeed({ title: login, link: `${base}/user/${login}` }, rows.map(entryAt(base)))
    return reply.header('content-type', RSS).send(feed)
  })
  face.get<{ Params: { username: string; slug: string } }>(
    `${start}/collection/:slug`,
    SITE,
    async (request, reply) => {
      const { base } = callOf(request)
      const { id: ownerId } = await userCalled(ctx, request.params.username)
      const { slug } = request.params
      const found = await findCollectionBySlug(ctx, ANONYMOUS, { ownerId, slug })
      const { rows } = await listCollected(ctx, ANONYMOUS, { collectionId: found.id, private: false }, FEED)
      const link = `${base}/collection/${found.uid}/${found.slug}`
      return reply
        .header('content-type', RSS)
        .send(presentFeed({ title: found.title, link }, rows.map(entryAt(base))))
    },
  )
}

const entryAt =
  (base: string) =>
  ({ item }: LoadedItem) => ({
    title: item.title ?? '',
    link: viewAddress(base, item),
    description: item.description ?? '',
    publishedMs: item.published_ms ?? item.created_ms,
    thumbnail: item.kind === 'image' ? partAddress(base, item, 'stash') : null,
  })
