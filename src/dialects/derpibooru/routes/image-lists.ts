import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { ownComments, recentComments } from '../../../library/comment-lists.ts'
import { currentFilter } from '../../../library/filters.ts'
import type { LoadedItem } from '../../../library/items.ts'
import { rankingSearch, RANKINGS, readPeriod, type Ranking } from '../../../library/rankings.ts'
import { reactionsOf } from '../../../library/reactions.ts'
import { term } from '../../../search/language/tree.ts'
import { accountMeant } from '../accounts.ts'
import { callOf, idIn, textOf } from '../call.ts'
import { findImages, NEWEST, wantedFilter } from '../finding.ts'
import { read } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentComment } from '../presenters/comments.ts'
import { relatedImages } from '../related.ts'
import { interactionsWith, listOfImages, presentImages } from '../showing.ts'
import { COMMENTS_A_PAGE } from './comments.ts'

const OWN = { config: { derpibooru: { account: true } } } as const
/** Images of each ranking on the page of all of them. */
const SHOWN_OF_EACH = 3
const MOST_FAVES = 1000

interface ImagePath {
  Params: { id: string }
}

export function imageListRoutes(face: FastifyInstance, ctx: Context): void {
  rankingRoutes(face, ctx)
  ownListRoutes(face, ctx)
  commentListRoutes(face, ctx)
  aroundAnImage(face, ctx)
}

/** "Image Lists": "the list pages default to a 7 day sampling period". */
function rankingRoutes(face: FastifyInstance, ctx: Context): void {
  read(face, '/lists', async (request) => {
    const page = { offset: 0, limit: SHOWN_OF_EACH }
    const lists: Record<string, unknown> = {}
    const seen = new Map<number, LoadedItem>()
    for (const ranking of RANKINGS) {
      const { rows } = await findImages(ctx, request, { ...ranked(ctx, request, ranking), page })
      lists[ranking] = await presentImages(ctx, request, rows)
      for (const row of rows) seen.set(row.item.id, row)
    }
    return { ...lists, interactions: await interactionsWith(ctx, request, [...seen.values()]) }
  })

  for (const ranking of RANKINGS)
    read(face, `/lists/${ranking}`, async (request) => {
      const { rows } = await findImages(ctx, request, ranked(ctx, request, ranking))
      return listOfImages(ctx, request, rows)
    })
}

function ranked(ctx: Context, request: FastifyRequest, ranking: Ranking) {
  const periodMs = readPeriod(textOf(callOf(request), 'last'))
  return rankingSearch(ranking, { periodMs, now: ctx.clock() })
}

/** "Authenticated requests take a key argument". */
function ownListRoutes(face: FastifyInstance, ctx: Context): void {
  const sets = [
    ['/images/watched', 'watched'],
    ['/images/favourites', 'faves'],
  ] as const
  for (const [path, set] of sets)
    read(
      face,
      path,
      async (request) => {
        const query = term({ op: 'mine', set })
        const { rows } = await findImages(ctx, request, { query, order: NEWEST })
        return listOfImages(ctx, request, rows)
      },
      OWN,
    )
}

function commentListRoutes(face: FastifyInstance, ctx: Context): void {
  read(face, '/lists/recent_comments', async (request) => {
    const call = callOf(request)
    const filter = await currentFilter(ctx, call.viewer, wantedFilter(call))
    const wanted = { exceptTagIds: filter.hidden_tag_ids }
    const { rows } = await recentComments(ctx, wanted, fixedPage(call, COMMENTS_A_PAGE))
    return rows.map(presentComment)
  })

  read(
    face,
    '/lists/my_comments',
    async (request) => {
      const call = callOf(request)
      const { rows } = await ownComments(ctx, call.viewer, fixedPage(call, COMMENTS_A_PAGE))
      return rows.map(presentComment)
    },
    OWN,
  )

  read<ImagePath>(face, '/lists/user_comments/:id', async (request) => {
    const call = callOf(request)
    const { id: accountId } = await accountMeant(ctx, request.params.id)
    const { rows } = await recentComments(ctx, { accountId }, fixedPage(call, COMMENTS_A_PAGE))
    return rows.map(presentComment)
  })
}

/** What else there is about one image. */
function aroundAnImage(face: FastifyInstance, ctx: Context): void {
  for (const path of ['/images/:id/related', '/related/:id'])
    read<ImagePath>(face, path, async (request) =>
      listOfImages(ctx, request, await relatedImages(ctx, request, idIn(request.params.id, 'item'))),
    )

  read<ImagePath>(face, '/images/:id/favorites', async (request) => {
    const of = { itemId: idIn(request.params.id, 'item'), sort: 'fave' } as const
    const call = callOf(request)
    const { rows } = await reactionsOf(ctx, call.viewer, of, fixedPage(call, MOST_FAVES))
    return rows.map(({ account }) => account.id)
  })
}
