import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { FieldTable } from '../search/fields.ts'
import { signedIn } from './accounts.ts'
import { invalid, LibraryError, type Problem } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import { savedSearchProblems } from './saved-searches.ts'
import { changeAccountSettings, settingsRow } from './store/account-settings.ts'
import { recordChange } from './store/changes.ts'
import {
  countFilters,
  deleteFilter,
  filtersByIds,
  filtersNamed,
  filtersOf,
  insertFilter,
  updateFilter,
  type FilterRow,
} from './store/filters.ts'
import { lockRows } from './store/ids.ts'
import { currentTags, tagsByNames } from './store/tag-lists.ts'
import { DEFAULT_FILTER_ID } from './system-filters.ts'
import { cleanTagName, distinct } from './tags.ts'
import { mayModerate, type Viewer } from './viewer.ts'

export type { FilterRow } from './store/filters.ts'
export { DEFAULT_FILTER_ID } from './system-filters.ts'

const mostFilters = 200
const mostTags = 1000

/** Tags by id, or by name (any of their names); a list that is given is the whole new list. */
export interface NewFilter {
  name: string
  description?: string
  hiddenTags?: readonly (number | string)[]
  spoileredTags?: readonly (number | string)[]
  /** Searches, one a line. */
  hiddenComplex?: string
  spoileredComplex?: string
  public?: boolean
}

export type FilterChange = Partial<NewFilter>

/** The filters of the installation, the default first. */
export async function systemFilters(ctx: Pick<Context, 'db'>): Promise<FilterRow[]> {
  const rows = await filtersOf(ctx.db, null)
  return rows.toSorted((one, other) => rank(one) - rank(other) || one.id - other.id)
}

const rank = ({ id }: FilterRow) => (id === DEFAULT_FILTER_ID ? 0 : 1)

/** The viewer's own filters, oldest first. @throws LibraryError `not_signed_in`. */
export function ownFilters(ctx: Pick<Context, 'db'>, viewer: Viewer): Promise<FilterRow[]> {
  return filtersOf(ctx.db, signedIn(viewer))
}

/** Public filters of people, by a text in name or description. */
export function searchFilters(
  ctx: Pick<Context, 'db'>,
  query: { text: string; descending: boolean },
  page: Page,
): Promise<Paged<FilterRow>> {
  return filtersNamed(ctx.db, query, page)
}

/** @throws LibraryError `not_found`, also for somebody else's filter that is not public. */
export function findFilter(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): Promise<FilterRow> {
  return readableFilter(ctx.db, viewer, id)
}

/**
 * The filter a request is answered with: the one it asks for if the viewer may read that, else the one the viewer
 * chose, else the default one. Unknown numbers are no error.
 */
export async function currentFilter(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  wantedId: number | null = null,
): Promise<FilterRow> {
  const settings = viewer.accountId === null ? null : await settingsRow(ctx.db, viewer.accountId)
  const ids = [wantedId, settings?.current_filter_id ?? null, DEFAULT_FILTER_ID].filter((id) => id !== null)
  const found = await filtersByIds(ctx.db, ids)
  const filter = ids.flatMap((id) => found.get(id) ?? []).find((one) => mayRead(viewer, one))
  if (!filter) throw new Error('The default filter is gone.')
  return filter
}

/**
 * Chooses the filter for all the viewer's requests; null for the default one.
 *
 * @throws LibraryError `not_signed_in`, `not_found`.
 */
export async function chooseFilter(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  id: number | null,
): Promise<void> {
  const me = signedIn(viewer)
  await ctx.db.transaction().execute(async (db) => {
    if (id !== null) await readableFilter(db, viewer, id)
    await changeAccountSettings(db, me, { current_filter_id: id })
  })
}

/**
 * Adds a filter of the viewer's own.
 *
 * @param fields The names in which its searches are written.
 * @throws LibraryError `not_signed_in`, `invalid` with everything that is wrong.
 */
export async function addFilter(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  input: NewFilter,
  fields: FieldTable,
): Promise<FilterRow> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'account', [me])
    if ((await countFilters(db, me)) >= mostFilters)
      throw invalid('base', `has more than ${mostFilters} filters`)
    const columns = await checkedColumns(db, input, { fields, viewer, now })
    const ms = { created_ms: now.getTime(), updated_ms: now.getTime() }
    const id = await insertFilter(db, { name: input.name, description: '', ...columns, owner_id: me, ...ms })
    await recordChange(db, now, { noun: 'filter', id, op: 'create' })
    return readableFilter(db, viewer, id)
  })
}

/**
 * Changes the parts given and leaves the others alone.
 *
 * @throws LibraryError `not_found`, `not_allowed` (not the viewer's own), `invalid`.
 */
export async function changeFilter(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  { id, ...change }: FilterChange & { id: number },
  fields: FieldTable,
): Promise<FilterRow> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await ownFilter(db, viewer, id, 'change')
    const columns = await checkedColumns(db, change, { fields, viewer, now })
    await updateFilter(db, id, { ...columns, updated_ms: now.getTime() })
    await recordChange(db, now, { noun: 'filter', id, op: 'change' })
    return readableFilter(db, viewer, id)
  })
}

/** Removes one's own filter; who had chosen it has the default one. @throws LibraryError `not_found`, `not_allowed`. */
export async function removeFilter(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    await ownFilter(db, viewer, id, 'delete')
    await deleteFilter(db, id)
    await recordChange(db, ctx.clock(), { noun: 'filter', id, op: 'delete' })
  })
}

async function readableFilter(db: Db, viewer: Viewer, id: number): Promise<FilterRow> {
  const filter = (await filtersByIds(db, [id])).get(id)
  if (!filter || !mayRead(viewer, filter)) throw new LibraryError({ kind: 'not_found', what: 'filter' })
  return filter
}

async function ownFilter(db: Db, viewer: Viewer, id: number, action: string): Promise<void> {
  const filter = await readableFilter(db, viewer, id)
  const mine = viewer.accountId !== null && filter.owner_id === viewer.accountId
  if (!mine || filter.system) throw new LibraryError({ kind: 'not_allowed', what: 'filter', action })
}

function mayRead(viewer: Viewer, { owner_id, system, public: open }: FilterRow): boolean {
  return system || open || mayModerate(viewer) || (owner_id !== null && owner_id === viewer.accountId)
}

interface Reading {
  fields: FieldTable
  viewer: Viewer
  now: Date
}

async function checkedColumns(db: Db, input: FilterChange, reading: Reading) {
  const hidden = input.hiddenTags && (await tagIdsOf(db, 'hidden_tags', input.hiddenTags))
  const spoilered = input.spoileredTags && (await tagIdsOf(db, 'spoilered_tags', input.spoileredTags))
  // One's own downvotes may not hide anything: who hides what they vote against would vote blindly.
  const options = { ...reading, refusedSets: new Set(['downvotes'] as const) }
  refuseProblems([
    ...fieldProblems('name', input.name, { required: true, most: 100 }),
    ...fieldProblems('description', input.description, { most: 5000 }),
    ...(hidden?.problems ?? []),
    ...(spoilered?.problems ?? []),
    ...savedSearchProblems('hidden_complex', input.hiddenComplex, options),
    ...savedSearchProblems('spoilered_complex', input.spoileredComplex, options),
  ])
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(hidden ? { hidden_tag_ids: JSON.stringify(hidden.ids) } : {}),
    ...(spoilered ? { spoilered_tag_ids: JSON.stringify(spoilered.ids) } : {}),
    ...(input.hiddenComplex === undefined ? {} : { hidden_complex: input.hiddenComplex }),
    ...(input.spoileredComplex === undefined ? {} : { spoilered_complex: input.spoileredComplex }),
    ...(input.public === undefined ? {} : { public: input.public ? (1 as const) : (0 as const) }),
  }
}

async function tagIdsOf(
  db: Db,
  field: string,
  given: readonly (number | string)[],
): Promise<{ ids: number[]; problems: Problem[] }> {
  if (given.length > mostTags)
    return { ids: [], problems: [{ field, problem: `has too many entries (at most ${mostTags})` }] }
  const names = distinct(given.filter((one) => typeof one === 'string').map(cleanTagName)).filter(Boolean)
  const byName = await tagsByNames(db, names)
  const byId = await currentTags(
    db,
    given.filter((one) => typeof one === 'number'),
  )
  const missing = [
    ...names.filter((name) => !byName.has(name)),
    ...given.filter((one) => typeof one === 'number' && !byId.has(one)),
  ]
  const problems = missing
    .slice(0, 1)
    .map((one) => ({ field, problem: `has a tag that does not exist: ${one}` }))
  const ids = [...byName.values(), ...byId.values()].map(({ id }) => id)
  return { ids: [...new Set(ids)], problems }
}
