import { randomBytes } from 'node:crypto'
import type { CollectionRow } from '../../library/rows.ts'
import { freeSlug, slugOf } from '../../library/slug.ts'
import { slugsLike } from '../../library/store/collections.ts'
import { lockRows } from '../../library/store/ids.ts'
import { collectionsHere, itemsHere } from './here.ts'
import type { LineOf } from '../format/lines.ts'
import type { ValueOf } from '../format/schemas.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { logChanges } from '../store/bulk.ts'
import { insertCollaborators, insertCollections, type NewCollectionRow } from '../store/collections.ts'
import {
  accountsNamed,
  collectionsByUids,
  rememberImportedIds,
  type AccountName,
  type ItemName,
} from '../store/names.ts'

/** What the lines of a stretch name, as it is in the library. */
interface Names {
  accounts: ReadonlyMap<string, AccountName>
  /** By the numbers of the archive. */
  collections: ReadonlyMap<number, CollectionRow>
  byUid: ReadonlyMap<string, CollectionRow>
  /** By the numbers of the archive: what stands for a collection. */
  items: ReadonlyMap<number, Pick<ItemName, 'id'>>
}

interface Fresh {
  line: LineOf<'collection'>
  row: NewCollectionRow & { uid: string }
}

/** Collections, without what is in them. One that is here already stays as it is. */
export async function importCollections(step: Step, lines: readonly LineOf<'collection'>[]): Promise<void> {
  const { db, startedAt, options } = step
  const names = await namesOf(step, lines)
  const there = new Map<number, number>()
  const wanted = sift(step, lines, (value, line) => {
    const owner = names.accounts.get(value.owner.toLowerCase())
    if (!owner) return noSuch('account', value.owner)
    const found = findCollection(step, value, { names, ownerId: owner.id })
    if (typeof found === 'string') return found
    if (found) {
      there.set(value.id, found.id)
      step.present.add(line.number)
      return { owner }
    }
    const missing = value.collaborators?.find(({ login }) => !names.accounts.has(login.toLowerCase()))
    if (missing) return noSuch('account', missing.login)
    const { thumbnail } = value
    return thumbnail === undefined || names.items.has(thumbnail) ? { owner } : noSuch('item', thumbnail)
  }).filter(({ line }) => !step.present.has(line.number))

  const fresh = await newRows(step, wanted, names)
  const ids = await insertCollections(
    db,
    fresh.map(({ row }) => row),
  )
  for (const { line, row } of fresh) there.set(line.value.id, ids.get(row.uid) ?? 0)
  if (options.renumber) await rememberImportedIds(db, step.source, 'collection', there)
  await insertCollaborators(
    db,
    fresh.flatMap((one) => collaboratorRows(one, ids.get(one.row.uid) ?? 0, names.accounts)),
  )
  await logChanges(
    db,
    startedAt,
    [...ids.values()].map((id) => ({ noun: 'collection', id, op: 'create' })),
  )
}

async function namesOf(step: Step, lines: readonly LineOf<'collection'>[]): Promise<Names> {
  const values = lines.map(({ value }) => value)
  const logins = values.flatMap(({ owner, collaborators = [] }) => [
    owner,
    ...collaborators.map(({ login }) => login),
  ])
  const numbers = values.map(({ id }) => id)
  const uids = values.flatMap(({ uid }) => uid ?? [])
  return {
    accounts: await accountsNamed(step.db, logins),
    collections: await collectionsHere(step, numbers),
    byUid: new Map((await collectionsByUids(step.db, uids)).map((row) => [row.uid, row])),
    items: await itemsHere(
      step,
      values.flatMap(({ thumbnail }) => thumbnail ?? []),
    ),
  }
}

/** The collection of the library that a line tells of, null when there is none, or why it cannot come in. */
function findCollection(
  { options }: Step,
  value: ValueOf<'collection'>,
  { names, ownerId }: { names: Names; ownerId: number },
): CollectionRow | null | string {
  const byId = names.collections.get(value.id) ?? null
  const other = value.uid === undefined ? null : (names.byUid.get(value.uid) ?? null)
  const found = byId ?? (options.renumber ? other : null)
  if (!found && other) return `the uid ${other.uid} is that of collection ${other.id} here`
  return found && !isSame(value, found, ownerId)
    ? `collection ${value.id} is here already and is another one`
    : found
}

/** Rows with slugs that are free; a line whose own slug is taken is refused. */
async function newRows(
  step: Step,
  wanted: readonly { line: LineOf<'collection'>; owner: AccountName }[],
  { items }: Pick<Names, 'items'>,
): Promise<Fresh[]> {
  // One writer at a time for the collections of an owner, as everywhere: two would choose the same slug.
  await lockRows(
    step.db,
    'account',
    wanted.map(({ owner }) => owner.id),
  )
  const used = new Map<number, Set<string>>()
  const rows: Fresh[] = []
  for (const { line, owner } of wanted) {
    const slugs = used.get(owner.id) ?? new Set()
    used.set(owner.id, slugs)
    const slug = await chooseSlug(step, line.value, owner.id, slugs)
    if (slug === null) {
      step.refused.set(line.number, `the slug ${line.value.slug ?? ''} is taken`)
      continue
    }
    slugs.add(slug)
    const thumbnailId = items.get(line.value.thumbnail ?? 0)?.id ?? null
    rows.push({ line, row: collectionRow(step, line.value, { ownerId: owner.id, slug, thumbnailId }) })
  }
  return rows
}

/** Whether the collection that is here is the one the line tells of. */
function isSame(
  { uid, kind, slug, title }: ValueOf<'collection'>,
  row: CollectionRow,
  ownerId: number,
): boolean {
  if (uid !== undefined) return uid === row.uid
  if (row.owner_id !== ownerId || row.kind !== (kind ?? 'collection')) return false
  return slug === undefined ? row.title === title : row.slug === slug
}

/** The slug given, or one from the title; null when the one given is taken. */
async function chooseSlug(
  { db }: Step,
  { slug, title }: ValueOf<'collection'>,
  ownerId: number,
  used: ReadonlySet<string>,
): Promise<string | null> {
  const stem = slug ?? slugOf(title)
  const taken = new Set([...(await slugsLike(db, { ownerId, stem })), ...used])
  if (slug === undefined) return freeSlug(stem, taken)
  return taken.has(slug) ? null : slug
}

function collectionRow(
  { options, startedAt }: Step,
  value: ValueOf<'collection'>,
  { ownerId, slug, thumbnailId }: { ownerId: number; slug: string; thumbnailId: number | null },
) {
  const created = msOf(value.created_at) ?? startedAt.getTime()
  return {
    ...(options.renumber ? {} : { id: value.id }),
    uid: value.uid ?? randomBytes(12).toString('hex'),
    owner_id: ownerId,
    kind: value.kind ?? 'collection',
    title: value.title,
    slug,
    description: value.description?.trim() ? value.description : null,
    private: value.private ? 1 : 0,
    spoiler_warning: value.spoiler_warning?.trim() ? value.spoiler_warning : null,
    order_position_asc: value.order_position_asc ? 1 : 0,
    thumbnail_item_id: thumbnailId,
    notable: value.notable ? 1 : 0,
    created_ms: created,
    updated_ms: msOf(value.updated_at) ?? created,
  } as const
}

function collaboratorRows({ line, row }: Fresh, id: number, accounts: ReadonlyMap<string, AccountName>) {
  return (line.value.collaborators ?? []).flatMap(({ login, access, since }) => {
    const account = accounts.get(login.toLowerCase())
    return account && account.id !== row.owner_id
      ? [{ collection_id: id, account_id: account.id, access, created_ms: msOf(since) ?? row.created_ms }]
      : []
  })
}
