import { randomBytes } from 'node:crypto'
import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { ItemKind, Visibility } from '../database/schema/items.ts'
import type { PictureFacts } from '../media/facts.ts'
import { isPublic } from './access.ts'
import { dayProblems } from './days.ts'
import { LibraryError, type Problem } from './errors.ts'
import { refuseProblems } from './fields.ts'
import { cleanFileName } from './file-name.ts'
import { rememberAnswer, type StoredAnswer } from './idempotency.ts'
import {
  checkQuota,
  itemFieldProblems,
  reboundProblems,
  scheduleProblems,
  teamProblems,
  type ItemFields,
} from './item-checks.ts'
import { keepBytes, nameBlobs, type Kept } from './keeping.ts'
import type { AccountRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import { recordChange } from './store/changes.ts'
import { lockRows } from './store/ids.ts'
import { insertItem, recountRebounds, type NewItemRow } from './store/items.ts'
import { replaceTags } from './store/tags.ts'
import { cleanTagNames } from './tags.ts'
import type { Viewer } from './viewer.ts'

export interface NewItem extends ItemFields {
  ownerId: number
  /** An original that has arrived and passed inspection. */
  media?: { incoming: Incoming; facts: PictureFacts; fileName: string | null }
  /** Bytes that have arrived and are no picture: the item is ready at once. */
  file?: { incoming: Incoming; fileName: string | null; mimeType: string; format: string }
  /** Other bytes to keep; `prepare` says what they are. */
  more?: readonly Incoming[]
  /** What copies are known by, where it is not the hash of the bytes. */
  mediaHash?: string | null
  /** The service that it was brought over from. */
  backupOf?: string | null
  /** `image` with a picture and `text` without, when left out. */
  kind?: ItemKind
  tags?: readonly string[]
  teamId?: number | null
  reboundOf?: number | null
  /** Not published before then; at once when left out. */
  scheduledAt?: Date | null
  lowProfile?: boolean
  visibility?: Extract<Visibility, 'public' | 'private'>
  anonymous?: boolean
  /** The picture is to be the one of the day in `takenOn`. */
  oneADay?: boolean
  /** Now when left out. */
  createdAt?: Date
}

export interface AddOptions {
  /**
   * Called in the transaction of the write before it writes anything, so that rows can be locked in order; what it
   * returns is called when the item's row is there.
   */
  prepare?: (db: Db) => Promise<(id: number) => Promise<void>>
  /** Makes the answer part of the write; see `answerOnce`. */
  idempotency?: { key: string; fingerprint: string; answer: (id: number) => StoredAnswer }
}

type AddContext = Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config'>

/**
 * Adds an item. With a picture it comes into being as `processing`, with the job that makes it ready. The picture's
 * bytes are permanent before any row names them; on refusal they are dropped.
 *
 * @throws LibraryError `not_found` (owner), `not_allowed`, `invalid` with everything that is wrong, `too_many`,
 *   `storage_full`.
 */
export async function addItem(
  ctx: AddContext,
  viewer: Viewer,
  input: NewItem,
  options: AddOptions = {},
): Promise<{ id: number; uid: string }> {
  const item = { ...input, tags: cleanTagNames(input.tags ?? []) }
  const bytes = [input.media?.incoming, input.file?.incoming, ...(input.more ?? [])]
  const incoming = bytes.filter((one) => one !== undefined)
  try {
    await checkNewItem(ctx, ctx.db, viewer, item)
    const kept = await keepBytes(ctx, incoming)
    return await ctx.db.transaction().execute(async (db) => {
      // What was true before the bytes were kept need not be now.
      await lockRows(db, 'account', [item.ownerId])
      await checkNewItem(ctx, db, viewer, item)
      const finish = await options.prepare?.(db)
      const added = await writeItem(ctx, db, item, kept)
      await finish?.(added.id)
      if (options.idempotency) {
        const once = { ...options.idempotency, accountId: viewer.accountId ?? item.ownerId }
        await rememberAnswer(db, ctx.clock(), once, options.idempotency.answer(added.id))
      }
      return added
    })
  } catch (error) {
    await Promise.all(incoming.map((one) => ctx.blobs.discard(one)))
    throw error
  }
}

async function checkNewItem(ctx: AddContext, db: Db, viewer: Viewer, item: NewItem): Promise<void> {
  const now = ctx.clock()
  const owner = await accountById(db, item.ownerId)
  if (!owner) throw new LibraryError({ kind: 'not_found', what: 'account' })
  if (!mayAdd(viewer, owner)) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'add' })

  const problems: Problem[] = [
    ...itemFieldProblems(item, item.tags),
    ...(await teamProblems(db, owner.id, item.teamId)),
    ...(await reboundProblems(db, viewer, item)),
    ...(item.scheduledAt ? await scheduleProblems(db, owner, item.scheduledAt, now) : []),
    ...(item.oneADay && item.takenOn ? await dayProblems(db, owner, { takenOn: item.takenOn }, now) : []),
  ]
  refuseProblems(problems)
  if (viewer.role !== 'admin') await checkQuota(db, ctx.config, owner, now)
}

function mayAdd(viewer: Viewer, owner: AccountRow): boolean {
  if (viewer.role === 'admin') return true
  return viewer.accountId === owner.id && owner.may_upload === 1 && owner.suspended === 0
}

async function writeItem(
  ctx: Pick<Context, 'clock' | 'queue'>,
  db: Db,
  item: NewItem & { tags: readonly string[] },
  kept: Kept,
): Promise<{ id: number; uid: string }> {
  const now = ctx.clock()
  const row = newRow(item, now)
  await nameBlobs(db, now, kept)
  const id = await insertItem(db, row)
  if (id === null) throw new Error('A random uid came up twice.')
  await replaceTags(db, now, id, item.tags)
  await recordChange(db, now, { noun: 'item', id, op: 'create' })

  if (item.media) await ctx.queue.enqueue(db, { kind: 'process-item', payload: { item: id } })
  else if (isPublic(row)) await recountRebounds(db, [row.rebound_of])
  if (item.scheduledAt)
    await ctx.queue.enqueue(db, { kind: 'publish-scheduled', payload: {}, runAt: item.scheduledAt })
  return { id, uid: row.uid }
}

function newRow(item: NewItem, now: Date) {
  const createdMs = (item.createdAt ?? now).getTime()
  return {
    uid: randomBytes(12).toString('hex'),
    kind: item.kind ?? (item.media ? 'image' : 'text'),
    owner_id: item.ownerId,
    team_id: item.teamId ?? null,
    anonymous: item.anonymous ? 1 : 0,
    title: textOrNull(item.title),
    description: textOrNull(item.description),
    source_url: textOrNull(item.sourceUrl),
    taken_on: item.takenOn ?? null,
    visibility: item.visibility ?? 'public',
    low_profile: item.lowProfile ? 1 : 0,
    rebound_of: item.reboundOf ?? null,
    scheduled_ms: item.scheduledAt?.getTime() ?? null,
    published_ms: item.scheduledAt ? null : createdMs,
    created_ms: createdMs,
    updated_ms: createdMs,
    first_seen_ms: createdMs,
    content: JSON.stringify(item.content ?? {}),
    state: item.media ? 'processing' : 'ready',
    backup_of: item.backupOf ?? null,
    media_hash: item.mediaHash ?? null,
    ...fileColumns(item.file),
    ...mediaColumns(item.media),
  } as const satisfies NewItemRow
}

function fileColumns(file: NewItem['file']) {
  if (!file) return {}
  return {
    blob_sha256: file.incoming.sha256,
    file_name: cleanFileName(file.fileName),
    mime_type: file.mimeType,
    format: file.format,
    size_bytes: file.incoming.sizeBytes,
  }
}

function mediaColumns(media: NewItem['media']) {
  if (!media) return {}
  const { incoming, facts, fileName } = media
  return {
    blob_sha256: incoming.sha256,
    file_name: cleanFileName(fileName),
    mime_type: facts.mimeType,
    format: facts.format,
    width: facts.width,
    height: facts.height,
    frames: facts.frames,
    duration_seconds: facts.durationMs > 0 ? facts.durationMs / 1000 : null,
    size_bytes: incoming.sizeBytes,
  }
}

/** A blank text is no text. */
export const textOrNull = (text: string | null | undefined) => (text?.trim() ? text : null)
