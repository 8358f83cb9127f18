import type { Context } from '../context.ts'
import type { Seer } from '../search/catalogue/facts.ts'
import type { FieldTable } from '../search/fields.ts'
import { QueryError } from '../search/language/errors.ts'
import { parseQuery } from '../search/language/parser.ts'
import type { Order } from '../search/language/sort.ts'
import { allOf, anyOf, EVERYTHING, negate, type Query, term, termsOf } from '../search/language/tree.ts'
import type { Request } from '../search/search.ts'
import { isVisible } from './access.ts'
import { LibraryError } from './errors.ts'
import { loadItems, type LoadedItem } from './loaded-items.ts'
import type { Page, Paged } from './page.ts'
import type { ItemRow } from './rows.ts'
import { hiddenBy, type Meaning, mayReadCollection, resolveQuery, spoileredBy } from './search-meaning.ts'
import type { FilterRow } from './store/filters.ts'
import { itemsByIds } from './store/items.ts'
import { cleanCommunityTag } from './tag-names.ts'
import { mayModerate, type Viewer } from './viewer.ts'

/** What is searched for, and how the person searching wants to see it. */
export interface ItemSearch {
  /** In the language of `search/language`. With `query`, both must match, and only the text counts for relevance. */
  text?: string
  query?: Query
  /** The service's names for the fields of the text and of saved searches. */
  fields: FieldTable
  order: Order
  /** What it hides is left out; null for no filter. */
  filter: FilterRow | null
  /** Also what the viewer hid from themselves. It is shown as well when the search itself asks for it. */
  includeHidden?: boolean
  /** Also what was removed or merged, for everybody: faces show of it that it was. */
  includeDeleted?: boolean
  /** All the viewer may see, with their own private and low-profile items, in place of what lists show everybody. */
  all?: boolean
  /** Whether `my:` of nobody is an error, or matches nothing. */
  anonymousMy?: 'nothing' | 'refuse'
}

type Searching = Pick<Context, 'db' | 'clock' | 'search'>

/**
 * One page of a search with its exact total, as of every write committed before.
 *
 * @throws LibraryError `bad_query` with the place in the text, and what is wrong as its cause (`QueryError`).
 */
export async function searchItems(
  ctx: Searching,
  viewer: Viewer,
  search: ItemSearch,
  page: Page,
): Promise<Paged<LoadedItem>> {
  const { ids, total } = await searchItemIds(ctx, viewer, search, page)
  return { rows: await loadFound(ctx, viewer, search, ids), total }
}

/** The same, ids only. @throws LibraryError `bad_query`. */
export async function searchItemIds(
  ctx: Searching,
  viewer: Viewer,
  search: ItemSearch,
  page: Page,
): Promise<{ ids: number[]; total: number }> {
  const given = readText(ctx, viewer, search)
  return refusing(async () => ctx.search.find({ ...(await requestFor(ctx, viewer, search, given)), ...page }))
}

/** Any one of the matches, another each time the seed is another; null without one. @throws LibraryError `bad_query`. */
export async function randomItem(
  ctx: Searching,
  viewer: Viewer,
  search: Omit<ItemSearch, 'order'>,
  seed: string,
): Promise<LoadedItem | null> {
  const order: Order = { by: { random: seed }, direction: 'desc', ties: 'desc' }
  const { rows } = await searchItems(ctx, viewer, { ...search, order }, { offset: 0, limit: 1 })
  return rows[0] ?? null
}

/**
 * The matches right before and right after an item in the order of the search, which the item need not match itself.
 *
 * @throws LibraryError `bad_query`.
 */
export async function neighbourItems(
  ctx: Searching,
  viewer: Viewer,
  search: ItemSearch,
  id: number,
): Promise<{ before: LoadedItem | null; after: LoadedItem | null }> {
  const given = readText(ctx, viewer, search)
  const { before, after } = await refusing(async () =>
    ctx.search.neighbours({ ...(await requestFor(ctx, viewer, search, given)), id }),
  )
  const ids = [before, after].filter((one) => one !== null)
  const loaded = new Map((await loadFound(ctx, viewer, search, ids)).map((one) => [one.item.id, one]))
  const found = (one: number | null) => (one === null ? null : (loaded.get(one) ?? null))
  return { before: found(before), after: found(after) }
}

/** Which of some items a filter wants covered. */
export async function spoileredAmong(
  ctx: Searching,
  viewer: Viewer,
  { filter, fields }: { filter: FilterRow; fields: FieldTable },
  ids: readonly number[],
): Promise<Set<number>> {
  const meaning = { viewer, fields, filter }
  const spoilered = await resolveQuery(ctx, spoileredBy(ctx, filter, meaning), meaning)
  const asked = ids.map((value) => term({ op: 'compare', field: 'id', is: '=', value }))
  if (asked.length === 0 || spoilered.op === 'nothing') return new Set()
  const found = await ctx.search.find({
    query: allOf([spoilered, anyOf(asked)]),
    seer: { accountId: null, role: 'admin' },
    accountId: viewer.accountId,
    order: { by: 'id', direction: 'asc', ties: 'asc' },
    offset: 0,
    limit: ids.length,
  })
  return new Set(found.ids)
}

/** Before anything else is asked: a text that cannot be read costs no more than reading it. */
function readText(ctx: Searching, viewer: Viewer, { text, fields, anonymousMy }: ItemSearch): Query {
  if (text === undefined) return EVERYTHING
  try {
    return parseQuery(text, {
      fields,
      now: ctx.clock(),
      viewer: { signedIn: viewer.accountId !== null, moderator: mayModerate(viewer) },
      cleanTag: cleanCommunityTag,
      anonymousMy: anonymousMy ?? 'nothing',
    })
  } catch (error) {
    throw refusal(error)
  }
}

async function requestFor(ctx: Searching, viewer: Viewer, search: ItemSearch, text: Query): Promise<Request> {
  const { fields, filter, query = EVERYTHING, includeDeleted = false } = search
  const meaning: Meaning = { viewer, fields, filter }
  const limits: Query[] = []
  if (search.text !== undefined && query.op !== 'everything') limits.push(query)
  if (filter) limits.push(negate(hiddenBy(ctx, filter, meaning)))
  if (viewer.accountId !== null && !search.includeHidden && !asksForHidden(text) && !asksForHidden(query))
    limits.push(negate(term({ op: 'id', field: 'hidden_by_id', value: viewer.accountId })))
  if (includeDeleted && !search.all)
    limits.push(negate(term({ op: 'flag', field: 'low_profile', value: true })))

  const asked = await resolveQuery(ctx, search.text === undefined ? query : text, meaning)
  const within = await resolveQuery(ctx, allOf(limits), meaning)
  return {
    query: asked,
    ...(within.op === 'everything' ? {} : { within }),
    seer: seerOf(viewer, search),
    accountId: viewer.accountId,
    order: await allowedOrder(ctx, viewer, search.order),
  }
}

function asksForHidden(query: Query): boolean {
  return [...termsOf(query)].some((one) => one.op === 'mine' && one.set === 'hidden')
}

function seerOf({ accountId, role }: Viewer, { all = false, includeDeleted = false }: ItemSearch): Seer {
  if (!all) return includeDeleted ? { accountId: null, role: 'moderator' } : 'listed'
  return { accountId, role: includeDeleted && role === 'member' ? 'moderator' : role }
}

/** The places in a collection that the viewer may not see are nobody's order. */
async function allowedOrder({ db }: Searching, viewer: Viewer, order: Order): Promise<Order> {
  const { by } = order
  if (typeof by === 'string' || 'random' in by) return order
  return (await mayReadCollection(db, viewer, by.collection)) ? order : { ...order, by: 'id' }
}

/** In the order found. What changed since it was found is left out if it may not be seen any more. */
async function loadFound(
  { db }: Searching,
  viewer: Viewer,
  { includeDeleted = false }: ItemSearch,
  ids: readonly number[],
): Promise<LoadedItem[]> {
  const isDeleted = ({ state, visibility }: ItemRow) =>
    state === 'ready' && (visibility === 'removed' || visibility === 'merged')
  const rows = new Map((await itemsByIds(db, ids)).map((row) => [row.id, row]))
  const seen = ids.flatMap((id) => rows.get(id) ?? [])
  return loadItems(
    db,
    seen.filter((row) => isVisible(viewer, row) || (includeDeleted && isDeleted(row))),
  )
}

async function refusing<T>(search: () => Promise<T>): Promise<T> {
  try {
    return await search()
  } catch (error) {
    throw refusal(error)
  }
}

function refusal(error: unknown): unknown {
  if (!(error instanceof QueryError)) return error
  const { position, expected } = error
  return new LibraryError({ kind: 'bad_query', position, expected }, { cause: error })
}
