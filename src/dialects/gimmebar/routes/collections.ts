import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { signedIn } from '../../../library/accounts.ts'
import { listCollected } from '../../../library/collected-lists.ts'
import {
  findCollectionBySlug,
  listCollectionsWithFirehoses,
  type CollectionListQuery,
} from '../../../library/collection-lists.ts'
import { addCollection, changeCollection, removeCollection } from '../../../library/collections.ts'
import { isFirehose } from '../../../library/firehose.ts'
import type { CollectionRow } from '../../../library/rows.ts'
import { callOf, flagOf, listOf, textOf, type Call } from '../call.ts'
import { invalidInput, notAuthorized, notFound } from '../errors.ts'
import { accountAsked, collectionOf, orElse, userOf } from '../finding.ts'
import { BOTH, method, V0, V1 } from '../formats.ts'
import { envelope, pageOf } from '../paging.ts'
import { showCollection, showCollections } from '../showing.ts'
import { DONE } from './assets.ts'

interface CollectionPath {
  Params: { id: string }
}

const WRITE = { scope: 'write' } as const

export function collectionRoutes(face: FastifyInstance, ctx: Context): void {
  const rules = { ...WRITE, failure: 'Problem adding collection' }
  method(face, { verb: 'POST', path: '/collection', rules, versions: BOTH }, async (request) => {
    const { title, ...said } = saidOf(callOf(request))
    if (!title?.trim()) throw invalidInput('title is required')
    const made = await addCollection(ctx, callOf(request).viewer, { ...said, title, uniqueTitle: true })
    return showCollection(ctx, request, made)
  })

  method(face, { verb: 'GET', path: '/collection/slug', versions: V0 }, (request) => showBySlug(ctx, request))

  method<CollectionPath>(face, { verb: 'GET', path: '/collection/:id', versions: BOTH }, async (request) =>
    showCollection(ctx, request, await collectionOf(ctx, callOf(request).viewer, request.params.id)),
  )

  const changeRules = { ...WRITE, failure: 'Error updating collection' }
  method<CollectionPath>(
    face,
    { verb: 'POST', path: '/collection/:id', rules: changeRules, versions: BOTH },
    async (request) => {
      const { viewer } = callOf(request)
      const { id } = await changeable(ctx, request, request.params.id)
      const change = { ...saidOf(callOf(request)), uniqueTitle: true }
      return showCollection(ctx, request, await changeCollection(ctx, viewer, id, change))
    },
  )

  method<CollectionPath>(
    face,
    { verb: 'DELETE', path: '/collection/:id', rules: WRITE, versions: BOTH },
    async (request) => {
      const { id } = await changeable(ctx, request, request.params.id)
      await removeCollection(ctx, callOf(request).viewer, id)
      return DONE
    },
  )
  listRoutes(face, ctx)
}

function listRoutes(face: FastifyInstance, ctx: Context): void {
  const verb = 'GET'
  const list = (request: FastifyRequest, query: CollectionListQuery) => showList(ctx, request, query)

  method(face, { verb, path: '/collections', versions: BOTH }, async (request) => {
    const call = callOf(request)
    const isWatched = flagOf(call, 'watched') === true
    if (!isWatched && textOf(call, 'slug')) return showBySlug(ctx, request)
    return list(request, await queryOf(ctx, call))
  })
  method(face, { verb, path: '/collections/notable', versions: V1 }, (request) =>
    list(request, { notable: true }),
  )
  // Who follows whom on Twitter is not known here; who follows whom in this library is.
  method(face, { verb, path: '/collections/recommended', versions: V1 }, (request) =>
    list(request, { recommended: true }),
  )

  for (const path of ['/collections/user', '/collections/asset'])
    method(face, { verb, path, versions: V0 }, async (request) =>
      list(request, await queryOf(ctx, callOf(request))),
    )
  method<CollectionPath>(face, { verb, path: '/collections/user/:id', versions: V0 }, async (request) =>
    list(request, { of: (await userOf(ctx, request.params.id)).id }),
  )
}

/** "All other parameters are ignored": in this order. */
async function queryOf(ctx: Context, call: Call): Promise<CollectionListQuery> {
  if (flagOf(call, 'watched') === true) {
    signedIn(call.viewer)
    return { watched: true }
  }
  const uids = listOf(call, 'asset_id')
  if (uids !== undefined) {
    const asked = { uids: uids.map((uid) => uid.toLowerCase()) }
    const { rows } = await listCollected(ctx, call.viewer, asked, { offset: 0, limit: 200 })
    return { itemIds: rows.map(({ item }) => item.id) }
  }
  const isPrivate = flagOf(call, 'private')
  return {
    of: await accountAsked(ctx, call),
    ...(isPrivate === undefined ? {} : { private: isPrivate }),
  }
}

async function showList(ctx: Context, request: FastifyRequest, query: CollectionListQuery) {
  const call = callOf(request)
  const page = pageOf(call)
  const { rows, total } = await listCollectionsWithFirehoses(ctx, call.viewer, query, page)
  const isCurated = query.notable === true || query.recommended === true
  if (total === 0 && !isCurated) throw notFound('No collections found')
  const shown = await showCollections(ctx, request, rows)
  return call.isOld ? shown : envelope(page, { rows: shown, total })
}

async function showBySlug(ctx: Context, request: FastifyRequest) {
  const call = callOf(request)
  const asked = { ownerId: signedIn(call.viewer), slug: textOf(call, 'slug') ?? '' }
  const found = await orElse(findCollectionBySlug(ctx, call.viewer, asked), 'collection', () =>
    notFound('No collection with the passed slug'),
  )
  return showCollection(ctx, request, found)
}

function saidOf(call: Call) {
  const [title, description] = [textOf(call, 'title'), textOf(call, 'description')]
  const isPrivate = flagOf(call, 'private')
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(isPrivate === undefined ? {} : { private: isPrivate }),
  }
}

/** The collection of everything public follows from the account; there is nothing about it to change. */
export async function changeable(ctx: Context, request: FastifyRequest, id: string): Promise<CollectionRow> {
  const found = await collectionOf(ctx, callOf(request).viewer, id)
  if (isFirehose(found)) throw notAuthorized('Not authorized to change this collection')
  return found
}
