import { recountRebounds, type NewItemRow } from '../../library/store/items.ts'
import { isDocument, readDocumentLater } from '../../library/document-texts.ts'
import { releaseBlobs } from '../../library/garbage.ts'
import { withBrought } from './brought-tags.ts'
import { itemRow, type NamedIds } from './item-rows.ts'
import { itemsHere } from './here.ts'
import { storedNames } from './tags.ts'
import type { LineOf } from '../format/lines.ts'
import type { ValueOf } from '../format/schemas.ts'
import { noSuch, sift, type Step } from './step.ts'
import { logChanges } from '../store/bulk.ts'
import { insertItems, insertItemTexts } from '../store/items.ts'
import {
  accountsNamed,
  itemsByUids,
  rememberImportedIds,
  type AccountName,
  type ItemName,
} from '../store/names.ts'
import { tagNewItems } from './tag-items.ts'

/** What the lines of a stretch name, as it is in the library. */
interface Names {
  accounts: ReadonlyMap<string, AccountName>
  /** By the numbers of the archive. */
  items: ReadonlyMap<number, ItemName>
  byUid: ReadonlyMap<string, ItemName>
}

/** Items: those that are here already stay as they are, others come in with their tags and counts. */
export async function importItems(step: Step, lines: readonly LineOf<'item'>[]): Promise<void> {
  const names = await namesOf(step, lines)
  const there = new Map<number, number>()
  const fresh = sift(step, lines, (value, line) => {
    const found = findItem(step, value, names)
    if (typeof found === 'string') return found
    if (found) {
      if (!isSame(value, found, { names, sha256: step.media.get(line.number)?.incoming.sha256 }))
        return `item ${value.id} is here already with other bytes`
      there.set(value.id, found.id)
      step.present.add(line.number)
      return {}
    }
    return missingName(value, names) ?? {}
  }).filter(({ line }) => !step.present.has(line.number))

  const tags = await tagsOfLines(
    step,
    fresh.map(({ line }) => line),
  )
  const tagged = fresh.filter(({ line }) => tags.has(line.number))
  const rows = tagged.map(({ line }) => ({ line, row: itemRow(step, line, idsNamed(line.value, names)) }))
  const ids = await insertItems(
    step.db,
    rows.map(({ row }) => row),
  )
  const made = rows.map(({ line, row }) => ({ line, row, id: ids.get(row.uid) ?? 0 }))
  if (step.options.renumber) {
    for (const { line, id } of made) there.set(line.value.id, id)
    await rememberImportedIds(step.db, step.source, 'item', there)
  }
  await tagNewItems(
    step.db,
    step.startedAt,
    made.map(({ line, id }) => ({ id, names: tags.get(line.number) ?? [] })),
  )
  await insertItemTexts(
    step.db,
    made.flatMap(({ line, id }) =>
      line.value.found_text ? { item_id: id, text: line.value.found_text } : [],
    ),
  )
  await writeWork(step, made)
  await releaseUnused(step, lines, made)
}

async function namesOf(step: Step, lines: readonly LineOf<'item'>[]): Promise<Names> {
  const values = lines.map(({ value }) => value)
  const logins = values.flatMap(({ owner, team }) => (team === undefined ? [owner] : [owner, team]))
  const numbers = values.flatMap(({ id, rebound_of, merged_into }) => [
    id,
    rebound_of ?? id,
    merged_into ?? id,
  ])
  const uids = await itemsByUids(
    step.db,
    values.flatMap(({ uid }) => uid ?? []),
  )
  return {
    accounts: await accountsNamed(step.db, logins),
    items: await itemsHere(step, numbers),
    byUid: new Map(uids.map((row) => [row.uid, row])),
  }
}

function idsNamed(value: ValueOf<'item'>, { accounts, items }: Names): NamedIds {
  const id = (given: number | undefined) => (given === undefined ? null : (items.get(given)?.id ?? null))
  const account = (login: string | undefined) =>
    login === undefined ? null : (accounts.get(login.toLowerCase())?.id ?? null)
  return {
    owner: account(value.owner) ?? 0,
    team: account(value.team),
    reboundOf: id(value.rebound_of),
    mergedInto: id(value.merged_into),
  }
}

/** The item of the library that a line tells of, null when there is none, or why it cannot come in. */
function findItem(
  step: Step,
  { id, uid }: ValueOf<'item'>,
  { items, byUid }: Names,
): ItemName | null | string {
  const byId = items.get(id) ?? null
  const other = uid === undefined ? null : (byUid.get(uid) ?? null)
  if (step.options.renumber) return byId ?? other
  return byId === null && other !== null ? `the uid ${uid} is that of item ${other.id} here` : byId
}

/** Whether the item that is here is the one the line tells of: the same original, or without one, the same origin. */
function isSame(
  value: ValueOf<'item'>,
  row: ItemName,
  { names, sha256 }: { names: Names; sha256: string | undefined },
): boolean {
  if (value.uid !== undefined && value.uid !== row.uid) return false
  if (value.media !== undefined) return row.blob_sha256 === (sha256 ?? value.sha256)
  const owner = names.accounts.get(value.owner.toLowerCase())?.id
  if (row.blob_sha256 !== null || row.kind !== value.kind || row.owner_id !== owner) return false
  if (value.uid !== undefined) return true
  return value.created_at === undefined
    ? (value.title ?? null) === row.title
    : Date.parse(value.created_at) === row.created_ms
}

function missingName(value: ValueOf<'item'>, { accounts, items }: Names): string | null {
  const team = value.team === undefined ? undefined : accounts.get(value.team.toLowerCase())
  if (!accounts.has(value.owner.toLowerCase())) return noSuch('account', value.owner)
  if (value.team !== undefined && team?.kind !== 'team') return noSuch('team', value.team)
  const target = [value.rebound_of, value.merged_into].find(
    (id) => id !== undefined && (id === value.id || !items.has(id)),
  )
  return target === undefined ? null : noSuch('item', target)
}

/**
 * The tags of each line. Names that are cleaned as those of uploads are stored as uploads store them: an alias is
 * replaced by what it stands for, and what a tag brings along comes too. Lines that would get too many are refused.
 */
async function tagsOfLines(
  step: Step,
  lines: readonly LineOf<'item'>[],
): Promise<Map<number, readonly string[]>> {
  const given = lines.map(({ number, value }) => ({ number, tags: storedNames(step, value.tags ?? []) }))
  const rows = step.options.cleanTags ? await withBrought(step.db, given) : given
  const found = new Map<number, readonly string[]>()
  for (const { number, tags } of rows)
    if (tags === null) step.refused.set(number, 'has tags that bring too many others along')
    else found.set(number, tags)
  return found
}

interface Made {
  line: LineOf<'item'>
  row: NewItemRow
  id: number
}

/** The change log, jobs, and the counts of what the new items are rebounds of. */
async function writeWork(step: Step, made: readonly Made[]): Promise<void> {
  const { ctx, db, startedAt } = step
  await logChanges(
    db,
    startedAt,
    made.map(({ id }) => ({ noun: 'item', id, op: 'create' })),
  )
  for (const { row, id } of made) {
    if (row.state === 'processing')
      await ctx.queue.enqueue(db, { kind: 'process-item', payload: { item: id } })
    if (isDocument(row)) await readDocumentLater(ctx, db, id)
    if (typeof row.scheduled_ms === 'number')
      await ctx.queue.enqueue(db, {
        kind: 'publish-scheduled',
        payload: {},
        runAt: new Date(row.scheduled_ms),
      })
  }
  await recountRebounds(
    db,
    made.map(({ row }) => row.rebound_of ?? null),
  )
}

/** Originals that were kept for lines that are then refused. */
async function releaseUnused(
  step: Step,
  lines: readonly LineOf<'item'>[],
  made: readonly Made[],
): Promise<void> {
  const used = new Set(made.map(({ line }) => line.number))
  const unused = lines.flatMap(({ number }) =>
    used.has(number) ? [] : (step.media.get(number)?.incoming.sha256 ?? []),
  )
  await releaseBlobs(step.ctx, step.db, step.ctx.clock(), unused)
}
