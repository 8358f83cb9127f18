import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { myTags } from '../../../library/account-tags.ts'
import { signedIn } from '../../../library/accounts.ts'
import { listCollected, wordsOf, type CollectedQuery } from '../../../library/collected-lists.ts'
import { callOf, flagOf, listOf, textOf, type Call } from '../call.ts'
import { invalidInput } from '../errors.ts'
import { accountAsked, userOf } from '../finding.ts'
import { BOTH, method, V0 } from '../formats.ts'
import { backupsOf, kindsOf, tagsOf } from '../list-input.ts'
import { pageOf } from '../paging.ts'
import { showAssetPage } from '../showing.ts'
import { typeTotals } from '../type-totals.ts'

export function assetListRoutes(face: FastifyInstance, ctx: Context): void {
  const verb = 'GET'
  const list = async (request: FastifyRequest, query: CollectedQuery) => {
    const call = callOf(request)
    const page = pageOf(call)
    return showAssetPage(ctx, request, page, await listCollected(ctx, call.viewer, query, page))
  }

  method(face, { verb, path: '/assets', versions: BOTH }, async (request) =>
    list(request, await queryOf(ctx, callOf(request))),
  )

  method<{ Params: { id: string } }>(
    face,
    { verb, path: '/assets/user/:id', versions: V0 },
    async (request) => {
      const { id: ownerId } = await userOf(ctx, request.params.id)
      return list(request, { ownerId, ...filtersOf(callOf(request)) })
    },
  )

  const failure = { name: 'SEARCH_ERROR', reason: 'There was a problem running the search' } as const
  const search = { verb, path: '/assets/search', rules: { failure }, versions: BOTH } as const
  method(face, search, async (request) => {
    const call = callOf(request)
    const words = wordsOf((textOf(call, 'terms') ?? '').slice(0, 1000))
    if (words.length === 0) throw invalidInput('terms is required')
    const ownerId = await accountAsked(ctx, call)
    return list(request, { ownerId, words, ...kindsOf(call) })
  })

  method(face, { verb, path: '/assets/totals', versions: BOTH }, async (request) => {
    const call = callOf(request)
    const ownerId = await accountAsked(ctx, call)
    const includePrivate = flagOf(call, 'include_private') === true && ownerId === call.viewer.accountId
    return typeTotals(ctx, call.viewer, { ownerId, includePrivate })
  })

  // Not in the page's list of methods, but in its walk-through, as a bare array.
  method(face, { verb, path: '/tags', versions: BOTH }, (request) => myTags(ctx, callOf(request).viewer))
}

/** Several of the parameters say "all other parameters are ignored"; this is the order in which they do. */
async function queryOf(ctx: Context, call: Call): Promise<CollectedQuery> {
  const uids = listOf(call, 'asset_id')
  if (uids !== undefined) return { uids: uids.map((uid) => uid.toLowerCase()) }
  const hash = textOf(call, 'hash')
  if (hash) return { hash: hash.toLowerCase() }
  if (flagOf(call, 'watched') === true) {
    signedIn(call.viewer)
    return { watched: true }
  }
  return { ownerId: await accountAsked(ctx, call), ...filtersOf(call) }
}

function filtersOf(call: Call): CollectedQuery {
  const isPrivate = flagOf(call, 'private')
  return {
    ...kindsOf(call),
    ...tagsOf(call),
    ...backupsOf(call),
    ...(isPrivate === undefined ? {} : { private: isPrivate }),
  }
}
