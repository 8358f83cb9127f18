import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { parseTimestamp } from '../../faces/values.ts'
import type { LoadedItem } from '../../library/items.ts'
import type { Paged } from '../../library/page.ts'
import type { SortField } from '../../search/fields.ts'
import type { Order } from '../../search/language/sort.ts'
import { allOf, EVERYTHING, term, type Query } from '../../search/language/tree.ts'
import { callOf, isSet, textOf, wholeNumber, type Call } from './call.ts'
import { findImages, newSeed, ownPage } from './finding.ts'

/** New images are held back so long from those without a key, until they have been tagged. */
const HELD_BACK_MS = 3 * 60_000

/** "constraint: Search and sort by a specific field." The list of fields is lost from the page; these are known. */
const CONSTRAINTS: ReadonlyMap<string, 'id' | 'created_at' | 'updated_at' | 'first_seen_at'> = new Map([
  ['id', 'id'],
  ['created', 'created_at'],
  ['updated', 'updated_at'],
  ['first_seen_at', 'first_seen_at'],
])
type ConstraintField = 'id' | 'created_at' | 'updated_at' | 'first_seen_at'

const NONE: Paged<LoadedItem> = { rows: [], total: 0 }

/** The images of `/images.json` (API page, "Image Index"). What cannot be meant gives an empty list. */
export async function imagesIndex(
  ctx: Context,
  request: FastifyRequest,
  page?: string,
): Promise<Paged<LoadedItem>> {
  const call = callOf(request)
  const random = isSet(call, 'random_image')
  const rest = { includeDeleted: isSet(call, 'deleted'), page: await ownPage(ctx, call, page) }
  if (!isSet(call, 'constraint')) {
    const order = random ? { random: newSeed(call) } : 'created_at'
    return findImages(ctx, request, { query: untilTagged(ctx, call), order: newest(order), ...rest })
  }

  const listing = readConstraint(call)
  if (listing === null) return NONE
  const by = random ? { random: newSeed(call) } : listing.field
  const order: Order = { by, direction: listing.direction, ties: 'desc' }
  return findImages(ctx, request, { query: listing.query, order, unfiltered: true, ...rest })
}

const newest = (by: Order['by']): Order => ({ by, direction: 'desc', ties: 'desc' })

function untilTagged({ clock }: Pick<Context, 'clock'>, { viewer }: Call): Query {
  if (viewer.accountId !== null) return EVERYTHING
  return term({
    op: 'during',
    field: 'created_at',
    from: null,
    to: clock().getTime() - HELD_BACK_MS,
  })
}

interface Listing {
  field: ConstraintField & SortField
  query: Query
  direction: 'asc' | 'desc'
}

/** Null for a field, an order or a value that is none. */
function readConstraint(call: Call): Listing | null {
  const field = CONSTRAINTS.get(textOf(call, 'constraint'))
  const order = isSet(call, 'order') ? textOf(call, 'order') : 'a'
  if (field === undefined || (order !== 'a' && order !== 'd')) return null
  const parts: Query[] = []
  for (const name of ['gt', 'gte', 'lt', 'lte'] as const) {
    if (!isSet(call, name)) continue
    const part = comparison(field, name, textOf(call, name))
    if (part === null) return null
    parts.push(part)
  }
  return { field, query: allOf(parts), direction: order === 'a' ? 'asc' : 'desc' }
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function comparison(field: ConstraintField, name: keyof typeof SIGNS, text: string): Query | null {
  if (field === 'id') {
    const value = wholeNumber(text)
    return value === null ? null : term({ op: 'compare', field, is: SIGNS[name], value })
  }
  const at = parseTimestamp(text.trim())?.getTime()
  if (at === undefined) return null
  const edge = name === 'gt' || name === 'lte' ? at + 1 : at
  return name === 'gt' || name === 'gte'
    ? term({ op: 'during', field, from: edge, to: null })
    : term({ op: 'during', field, from: null, to: edge })
}
