import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { accountsByIds, findAccount, signedIn } from '../../../library/accounts.ts'
import { watchCollection } from '../../../library/galleries.ts'
import { findItem, listItems, type LoadedItem } from '../../../library/items.ts'
import { findTag } from '../../../library/tag-lists.ts'
import { tagSlug } from '../../../library/tag-names.ts'
import { interactionsOf, setFave, setHide, setVote } from '../../../library/votes.ts'
import { accountMeant } from '../accounts.ts'
import { callOf, textOf, wholeNumber, type Call } from '../call.ts'
import { NOT_FOUND, Refusal } from '../errors.ts'
import { read, write } from '../formats.ts'
import { idsIn, listIn, MOST_IDS } from '../lists-in.ts'
import { orNull } from '../not-found.ts'
import { presentInteraction } from '../presenters/interactions.ts'
import { presentTag } from '../presenters/tags.ts'
import { presentAccount, presentAccounts } from '../showing-users.ts'
import { listOfImages } from '../showing.ts'

const OWN = { config: { derpibooru: { account: true } } } as const

/** `/api/v2`, which the pages' own scripts spoke, and with them userscripts and apps. */
export function interactionRoutes(face: FastifyInstance, ctx: Context): void {
  reactionRoutes(face, ctx)
  lookUps(face, ctx)
  userLookUps(face, ctx)
  notificationRoutes(face, ctx)
}

type Change = (call: Call, id: number) => Promise<void>

function reactionRoutes(face: FastifyInstance, ctx: Context): void {
  const changes: Record<string, Change> = {
    vote: (call, id) => setVote(ctx, call.viewer, id, voteIn(call)),
    fave: (call, id) => setFave(ctx, call.viewer, id, switchIn(call)),
    hide: (call, id) => setHide(ctx, call.viewer, id, switchIn(call)),
  }
  for (const [name, change] of Object.entries(changes))
    for (const method of ['PUT', 'POST'] as const)
      write(
        face,
        { method, path: `/api/v2/interactions/${name}` },
        (request) => react(ctx, request, change),
        OWN,
      )

  read(face, '/api/v2/interactions/interacted', async (request) => {
    const call = callOf(request)
    requireImages(call)
    const rows = await interactionsOf(ctx, call.viewer, idsIn(call, 'ids'))
    return rows.map(presentInteraction)
  })
}

/** Old apps send POST with `_method=PUT`. */
async function react(ctx: Context, request: FastifyRequest, change: Change) {
  const call = callOf(request)
  const meantAsPut = request.method === 'PUT' || textOf(call, '_method').toUpperCase() === 'PUT'
  if (!meantAsPut) throw new Refusal(405, 'That method is not allowed here.', { allow: 'OPTIONS, PUT' })
  requireImages(call)
  const id = wholeNumber(textOf(call, 'id'))
  if (id === null) throw NOT_FOUND
  const { item: before } = await findItem(ctx, call.viewer, id)
  if (before.visibility === 'removed' || before.visibility === 'merged') throw NOT_FOUND
  await change(call, id)
  const { item } = await findItem(ctx, call.viewer, id)
  return {
    score: item.upvotes_count - item.downvotes_count,
    favourites: item.faves_count,
    upvotes: item.upvotes_count,
    downvotes: item.downvotes_count,
    votes: item.upvotes_count + item.downvotes_count,
  }
}

/** Only images can be interacted with; the class may be left out. */
function requireImages(call: Call): void {
  const name = textOf(call, 'class')
  if (name !== '' && name.toLowerCase() !== 'image') throw NOT_FOUND
}

function voteIn(call: Call): 'up' | 'down' | null {
  const value = textOf(call, 'value')
  if (value === 'up' || value === 'down') return value
  if (value === 'false') return null
  throw new Refusal(400, 'The parameter value must be up, down or false.')
}

function switchIn(call: Call): boolean {
  const value = textOf(call, 'value')
  if (value === 'true' || value === 'false') return value === 'true'
  throw new Refusal(400, 'The parameter value must be true or false.')
}

function lookUps(face: FastifyInstance, ctx: Context): void {
  read(face, '/api/v2/images/show', async (request) => {
    const call = callOf(request)
    const ids = idsIn(call, 'ids')
    const page = { offset: 0, limit: MOST_IDS }
    const { rows } = await listItems(ctx, call.viewer, { ids, order: 'newest' }, page)
    const found = new Map(rows.map((row) => [row.item.id, row]))
    const asked: LoadedItem[] = ids.flatMap((id) => found.get(id) ?? [])
    return listOfImages(ctx, request, asked)
  })

  read(face, '/api/v2/tags/show', async (request) => {
    const [id] = idsIn(callOf(request), 'id')
    if (id === undefined) throw NOT_FOUND
    return { tags: [presentTag(await findTag(ctx, id))] }
  })

  read(face, '/api/v2/tags/fetch_many', async (request) => {
    const call = callOf(request)
    const refs = [...idsIn(call, 'ids'), ...listIn(call, 'name').map(tagSlug)]
    const tags = await Promise.all(refs.map((ref) => orNull(findTag(ctx, ref))))
    return { tags: tags.flatMap((tag) => (tag === null ? [] : [presentTag(tag)])) }
  })
}

function userLookUps(face: FastifyInstance, ctx: Context): void {
  read(
    face,
    '/api/v2/users/current',
    async (request) =>
      presentAccount(ctx, request, await findAccount(ctx.db, signedIn(callOf(request).viewer))),
    OWN,
  )

  read(face, '/api/v2/users/show', async (request) =>
    presentAccount(ctx, request, await accountMeant(ctx, textOf(callOf(request), 'id'))),
  )

  read(face, '/api/v2/users/fetch_many', async (request) => {
    const ids = idsIn(callOf(request), 'ids')
    const accounts = await accountsByIds(ctx.db, ids)
    const asked = ids.flatMap((id) => accounts.get(id) ?? [])
    return { users: await presentAccounts(ctx, request, asked) }
  })
}

/** Galleries can be watched; what came into them since is not counted, so nothing is ever unread. */
function notificationRoutes(face: FastifyInstance, ctx: Context): void {
  for (const [name, on] of [
    ['watch', true],
    ['unwatch', false],
  ] as const)
    for (const method of ['PUT', 'POST'] as const)
      write(
        face,
        { method, path: `/api/v2/notifications/${name}` },
        async (request) => {
          const call = callOf(request)
          const id = wholeNumber(textOf(call, 'id'))
          if (textOf(call, 'actor_class').toLowerCase() !== 'gallery' || id === null) throw NOT_FOUND
          await watchCollection(ctx, call.viewer, id, on)
          return {}
        },
        OWN,
      )

  read(face, '/api/v2/notifications/unread', () => ({ unread: 0 }), OWN)
  for (const method of ['PUT', 'POST'] as const)
    write(face, { method, path: '/api/v2/notifications/mark_read' }, () => ({}), OWN)
}
