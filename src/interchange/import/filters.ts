import { storedNames } from './tags.ts'
import type { LineOf } from '../format/lines.ts'
import { withAccount } from './named.ts'
import type { ValueOf } from '../format/schemas.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import {
  filtersOfOwners,
  insertFilterRow,
  insertSettings,
  insertTagWatches,
  systemFilterIds,
} from '../store/beside.ts'
import { logChanges } from '../store/bulk.ts'
import { accountsNamed, importedIds, rememberImportedIds } from '../store/names.ts'
import { takenIds } from '../store/numbered.ts'
import { tagsNamed } from '../store/tags.ts'

/**
 * Filters of people. One of the same owner, name and time is here already. Its number is kept when it is free; what
 * it became is remembered either way, for the settings that name it.
 */
export async function importFilters(step: Step, lines: readonly LineOf<'filter'>[]): Promise<void> {
  const { db, startedAt } = step
  const owners = await accountsNamed(
    db,
    lines.map(({ value }) => value.owner),
  )
  const good = sift(step, lines, (value) => {
    const owner = owners.get(value.owner.toLowerCase())
    return owner ? { owner } : noSuch('account', value.owner)
  })
  const there = await filtersOfOwners(
    db,
    good.map(({ owner }) => owner.id),
  )
  const taken = await takenIds(
    db,
    'filter',
    good.map(({ line }) => line.value.id),
  )
  const tags = await tagIdsFor(
    step,
    good.flatMap(({ line: { value } }) => [...(value.hidden_tags ?? []), ...(value.spoilered_tags ?? [])]),
  )
  const ids = new Map<number, number>()
  for (const { owner, line } of good) {
    const { id: given, name } = line.value
    const created = msOf(line.value.created_at) ?? startedAt.getTime()
    const known = there.find(
      (row) =>
        row.owner_id === owner.id && row.name === name && (row.created_ms === created || row.id === given),
    )
    if (known) step.present.add(line.number)
    const row = { ...filterRow(line.value, created, tags), owner_id: owner.id }
    const id = known?.id ?? (await insertFilterRow(db, taken.has(given) ? row : { ...row, id: given }))
    ids.set(given, id)
    if (!known) await logChanges(db, startedAt, [{ noun: 'filter', id, op: 'create' }])
  }
  await rememberImportedIds(db, step.source, 'filter', ids)
}

type TagIds = (names: readonly string[] | undefined) => number[]

async function tagIdsFor(step: Step, names: readonly string[]): Promise<TagIds> {
  const tags = await tagsNamed(step.db, step.startedAt, storedNames(step, names))
  return (some = []) => storedNames(step, some).flatMap((name) => tags.get(name) ?? [])
}

function filterRow(value: ValueOf<'filter'>, created: number, tagIds: TagIds) {
  return {
    name: value.name,
    description: value.description ?? '',
    hidden_tag_ids: JSON.stringify(tagIds(value.hidden_tags)),
    spoilered_tag_ids: JSON.stringify(tagIds(value.spoilered_tags)),
    hidden_complex: value.hidden_complex ?? '',
    spoilered_complex: value.spoilered_complex ?? '',
    public: value.public ? (1 as const) : (0 as const),
    created_ms: created,
    updated_ms: msOf(value.updated_at) ?? created,
  }
}

/** How people want the library shown, and the tags they watch. Settings that are here stay as they are. */
export async function importSettings(step: Step, lines: readonly LineOf<'settings'>[]): Promise<void> {
  const { db, startedAt } = step
  const named = await withAccount(step, lines)
  const wanted = named.flatMap(({ line }) => line.value.filter ?? [])
  const filters = await importedIds(db, step.source, 'filter', wanted)
  for (const id of await systemFilterIds(db, wanted)) filters.set(id, id)
  const good = named.filter(({ line: { number, value } }) => {
    const isKnown = value.filter === undefined || filters.has(value.filter)
    if (!isKnown) step.refused.set(number, noSuch('filter', value.filter ?? 0))
    return isKnown
  })

  const said = good.filter(({ line: { value } }) => {
    const { type: _, account: __, watched_tags: ___, ...rest } = value
    return Object.keys(rest).length > 0
  })
  const rows = said.map(({ account, line: { value } }) => ({
    account_id: account.id,
    current_filter_id: filters.get(value.filter ?? 0) ?? null,
    items_per_page: value.items_per_page ?? null,
    watched_query: value.watched_query ?? '',
    watched_exclude_query: value.watched_exclude_query ?? '',
    hide_spoilered_watched: value.hide_spoilered_watched ? (1 as const) : (0 as const),
  }))
  const tagIds = await tagIdsFor(
    step,
    good.flatMap(({ line }) => line.value.watched_tags ?? []),
  )
  const watches = good.flatMap(({ account, line: { value } }) =>
    tagIds(value.watched_tags).map((tag_id) => ({
      account_id: account.id,
      tag_id,
      created_ms: startedAt.getTime(),
    })),
  )
  const made = [...(await insertSettings(db, rows)), ...(await insertTagWatches(db, watches))]
  const changed = new Set(made.map(({ account_id }) => account_id))
  for (const { account, line } of good) if (!changed.has(account.id)) step.present.add(line.number)
  await logChanges(
    db,
    startedAt,
    [...changed].map((id) => ({ noun: 'account', id, op: 'change' })),
  )
}
