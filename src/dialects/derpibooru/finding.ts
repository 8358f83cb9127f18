import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { accountSettings } from '../../library/account-settings.ts'
import { currentFilter } from '../../library/filters.ts'
import { findItem, type LoadedItem } from '../../library/items.ts'
import type { Page, Paged } from '../../library/page.ts'
import {
  neighbourItems,
  randomItem,
  searchItems,
  spoileredAmong,
  type ItemSearch,
} from '../../library/searching.ts'
import { OPERATOR, type Viewer } from '../../library/viewer.ts'
import type { Order } from '../../search/language/sort.ts'
import type { Query } from '../../search/language/tree.ts'
import { callOf, isOn, textOf, wholeNumber, type Call } from './call.ts'
import { imagesPage } from './paging.ts'
import { searchFields } from './search-fields.ts'

/** Which images, and how they are wanted. */
export interface Wanted {
  /** In the language of the search page. With `query`, both must match. */
  text?: string
  query?: Query
  order: Order
}

export interface ListWanted extends Wanted {
  /** Also what is told of removed and merged images. */
  includeDeleted?: boolean
  /** "plain database listing": whatever the filter says. */
  unfiltered?: boolean
  /** In place of the page that the caller asks for. */
  page?: Page
}

export const NEWEST: Order = { by: 'created_at', direction: 'desc', ties: 'desc' }

/** One page of images: the page, its size and the filter are the caller's. @throws LibraryError `bad_query`. */
export async function findImages(
  ctx: Context,
  request: FastifyRequest,
  { page, unfiltered, ...wanted }: ListWanted,
): Promise<Paged<LoadedItem>> {
  const call = callOf(request)
  const search = await searchFor(ctx, call, wanted, unfiltered)
  return searchItems(ctx, call.viewer, search, page ?? (await ownPage(ctx, call)))
}

/** The id of any one of the images, or null when there is none. */
export async function findRandom(
  ctx: Context,
  request: FastifyRequest,
  wanted: ListWanted,
): Promise<number | null> {
  const call = callOf(request)
  const search = await searchFor(ctx, call, wanted)
  const found = await randomItem(ctx, call.viewer, search, newSeed(call))
  return found?.item.id ?? null
}

/** The image after (`next`) or before an image in a listing, or null at its end. */
export async function findNeighbour(
  ctx: Context,
  request: FastifyRequest,
  { of, way, ...wanted }: Wanted & { of: number; way: 'next' | 'prev' },
): Promise<LoadedItem | null> {
  const call = callOf(request)
  await findItem(ctx, call.viewer, of)
  const search = await searchFor(ctx, call, wanted)
  const { before, after } = await neighbourItems(ctx, call.viewer, search, of)
  return way === 'next' ? after : before
}

async function searchFor(ctx: Context, call: Call, wanted: Wanted, unfiltered = false): Promise<ItemSearch> {
  const filter = unfiltered ? null : await currentFilter(ctx, call.viewer, wantedFilter(call))
  return { ...wanted, fields: searchFields, filter, includeHidden: isOn(call, 'hidden') }
}

/** "if you wish to use a custom filter, you can use the "filter_id" parameter" (Accessing the API). Nonsense is no wish. */
export const wantedFilter = (call: Call): number | null => wholeNumber(textOf(call, 'filter_id'))

/** The page asked for, in the size asked for or the one of the account's settings. */
export async function ownPage(ctx: Context, call: Call, page?: string): Promise<Page> {
  const { itemsPerPage } = await accountSettings(ctx, call.viewer)
  return imagesPage(call, itemsPerPage, page)
}

/** Another order each time; the answer is not the same twice, so it is not kept. */
export function newSeed(call: Call): string {
  call.fresh = true
  return randomBytes(8).toString('hex')
}

/** An image that the viewer may see, or one that was removed or merged, of which everybody is told that it was. */
export async function findEvenDeleted(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  id: number,
): Promise<LoadedItem> {
  const loaded = await findItem(ctx, OPERATOR, id)
  const { visibility } = loaded.item
  return visibility === 'removed' || visibility === 'merged' ? loaded : findItem(ctx, viewer, id)
}

/** Whether the caller's filter wants an image covered. */
export async function isSpoilered(
  ctx: Context,
  request: FastifyRequest,
  { item }: LoadedItem,
): Promise<boolean> {
  const call = callOf(request)
  const filter = await currentFilter(ctx, call.viewer, wantedFilter(call))
  const wanted = { filter, fields: searchFields }
  return (await spoileredAmong(ctx, call.viewer, wanted, [item.id])).has(item.id)
}
