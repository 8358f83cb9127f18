import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { mediaSigner } from '../../faces/media-files.ts'
import { accountsByIds } from '../../library/accounts.ts'
import { participantsOf } from '../../library/collaborators.ts'
import { listCollected } from '../../library/collected-lists.ts'
import { listCollectionsWithFirehoses } from '../../library/collection-lists.ts'
import { dupesOf, ownedAmong } from '../../library/dupes.ts'
import { myInvitations } from '../../library/invitations.ts'
import type { LoadedItem } from '../../library/loaded-items.ts'
import { mediaHashesOf } from '../../library/media-hash.ts'
import type { Page, Paged } from '../../library/page.ts'
import type { CollectionRow } from '../../library/rows.ts'
import { watchedOf } from '../../library/watching.ts'
import { callOf, type Call } from './call.ts'
import { envelope } from './paging.ts'
import { presentAsset } from './presenters/assets.ts'
import { presentCollection } from './presenters/collections.ts'
import { presentUser } from './presenters/users.ts'
import { extensionsOf, included, type Shown } from './records.ts'

/** What an extension brings along of a list is its beginning. */
export const FIRST: Page = { offset: 0, limit: 10 }
const NONE: ReadonlySet<string> = new Set()

/** Records as an answer shows them: with the extensions asked for, and of all that the fields asked for. */
export async function showAssets(ctx: Context, request: FastifyRequest, rows: readonly LoadedItem[]) {
  const call = callOf(request)
  return included(call, await extendedAssets(ctx, call, rows))
}

export async function showAsset(ctx: Context, request: FastifyRequest, row: LoadedItem): Promise<Shown> {
  return single(await showAssets(ctx, request, [row]))
}

export async function showAssetPage(
  ctx: Context,
  request: FastifyRequest,
  page: Page,
  { rows, total }: Paged<LoadedItem>,
) {
  return envelope(page, { rows: await showAssets(ctx, request, rows), total })
}

/** Without extensions and includes: what stands inside another record. */
export async function plainAssets(
  ctx: Pick<Context, 'db' | 'secret'>,
  call: Call,
  rows: readonly LoadedItem[],
): Promise<Shown[]> {
  const hashes = await mediaHashesOf(
    ctx.db,
    rows.map(({ item }) => item),
  )
  const showing = { base: call.base, sign: mediaSigner(ctx), hashes, isOld: call.isOld }
  return rows.map((row) => presentAsset(row, showing))
}

async function extendedAssets(ctx: Context, call: Call, rows: readonly LoadedItem[]): Promise<Shown[]> {
  const extensions = extensionsOf(call)
  const plain = await plainAssets(ctx, call, rows)
  const items = rows.map(({ item }) => item)
  const owned = extensions.has('owned') ? await ownedAmong(ctx.db, call.viewer, items) : null
  const shown: Shown[] = []
  for (const [index, record] of plain.entries()) {
    const row = rows[index]
    if (row === undefined) continue
    shown.push({
      ...record,
      ...(owned ? { owned: owned.has(row.item.id) } : {}),
      ...(extensions.has('user') ? { user: presentUser(row.owner, call, NONE) } : {}),
      ...(extensions.has('collections') ? { collections: await collectionsWith(ctx, call, row) } : {}),
      ...(extensions.has('dupes')
        ? { dupes: await plainAssets(ctx, call, await dupesOf(ctx, row.item, { repeat: false })) }
        : {}),
    })
  }
  return shown
}

async function collectionsWith(ctx: Context, call: Call, { item }: LoadedItem): Promise<Shown[]> {
  const { rows } = await listCollectionsWithFirehoses(ctx, call.viewer, { itemIds: [item.id] }, FIRST)
  return plainCollections(ctx, call, rows)
}

export async function plainCollections(
  ctx: Pick<Context, 'db'>,
  call: Call,
  rows: readonly CollectionRow[],
): Promise<Shown[]> {
  const owners = await accountsByIds(
    ctx.db,
    rows.map(({ owner_id }) => owner_id),
  )
  const watched = await watchedOf(ctx.db, call.viewer, rows)
  return rows.flatMap((collection) => {
    const owner = owners.get(collection.owner_id)
    return owner
      ? [presentCollection({ collection, owner, isWatched: watched.has(collection.id) }, call)]
      : []
  })
}

export async function showCollections(
  ctx: Context,
  request: FastifyRequest,
  rows: readonly CollectionRow[],
): Promise<Shown[]> {
  const call = callOf(request)
  const extensions = extensionsOf(call)
  const plain = await plainCollections(ctx, call, rows)
  const byUid = new Map(rows.map((row) => [row.uid, row]))
  const shown: Shown[] = []
  for (const record of plain) {
    const row = byUid.get(record.id)
    shown.push(row ? { ...record, ...(await collectionExtensions(ctx, call, row, extensions)) } : record)
  }
  return included(call, shown)
}

export async function showCollection(
  ctx: Context,
  request: FastifyRequest,
  row: CollectionRow,
): Promise<Shown> {
  return single(await showCollections(ctx, request, [row]))
}

async function collectionExtensions(
  ctx: Context,
  call: Call,
  collection: CollectionRow,
  extensions: ReadonlySet<string>,
) {
  const inside = extensions.has('assets')
    ? await listCollected(ctx, call.viewer, { collectionId: collection.id }, FIRST)
    : null
  const owner = extensions.has('user')
    ? (await accountsByIds(ctx.db, [collection.owner_id])).get(collection.owner_id)
    : undefined
  return {
    ...(inside ? { assets: await plainAssets(ctx, call, inside.rows) } : {}),
    ...(owner ? { user: presentUser(owner, call, NONE) } : {}),
    ...(extensions.has('users') ? { users: await participants(ctx, call, collection) } : {}),
    ...(extensions.has('invitation') ? { invitation: await invitationTo(ctx, call, collection) } : {}),
  }
}

/** What the caller has been asked and has not answered, or null. */
async function invitationTo(ctx: Context, call: Call, { id }: CollectionRow) {
  const mine = await myInvitations(ctx, call.viewer)
  const found = mine.find(({ collection_id }) => collection_id === id)
  const inviter = found && (await accountsByIds(ctx.db, [found.invited_by])).get(found.invited_by)
  if (!found || !inviter) return null
  const { access, created_ms: askedMs } = found
  return { access, date: Math.floor(askedMs / 1000), user: presentUser(inviter, call, NONE) }
}

/** Everybody who works on a collection, and as what. */
async function participants(ctx: Context, call: Call, collection: CollectionRow): Promise<Shown[]> {
  const people = (await participantsOf(ctx.db, [collection])).get(collection.id) ?? []
  const accounts = await accountsByIds(
    ctx.db,
    people.map(({ accountId }) => accountId),
  )
  return people.flatMap(({ accountId, access }) => {
    const account = accounts.get(accountId)
    return account ? [{ ...presentUser(account, call, NONE), access }] : []
  })
}

export function single([one]: readonly Shown[]): Shown {
  if (one === undefined) throw new Error('A record went while it was being shown.')
  return one
}
