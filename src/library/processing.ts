import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { Analysis, ProcessedPicture, Rendition } from '../media/processed.ts'
import { releaseBlobs } from './garbage.ts'
import { keepBytes, nameBlobs } from './keeping.ts'
import { textOrNull } from './items-add.ts'
import type { AttachmentRow, ItemRow } from './rows.ts'
import { attachmentById, finishAttachmentRow } from './store/attachments.ts'
import { recordChange } from './store/changes.ts'
import { lockRows } from './store/ids.ts'
import { itemById, itemToChange, recountAttachments, recountRebounds, updateItem } from './store/items.ts'
import { replaceRenditions } from './store/renditions.ts'

/** A derived picture whose bytes have arrived in the store. */
export interface Made extends Pick<
  Rendition,
  'name' | 'width' | 'height' | 'format' | 'mimeType' | 'animated'
> {
  incoming: Incoming
}

/** What processing found out about an original. */
export interface Processed extends Analysis, Pick<ProcessedPicture, 'camera'> {
  made: readonly Made[]
}

type Keeping = Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>

/** An item with an original whose pictures are to be made, or made again; null when there is nothing to do. */
export async function itemToProcess(
  db: Db,
  id: number,
  again: boolean,
): Promise<(ItemRow & { blob_sha256: string }) | null> {
  const item = await itemById(db, id)
  if (!item || item.blob_sha256 === null || !isWaiting(item, again)) return null
  return { ...item, blob_sha256: item.blob_sha256 }
}

const isWaiting = ({ state }: ItemRow, again: boolean) =>
  state === 'processing' || (again && state === 'ready')

/** Makes an item ready: bytes first, then everything about them in one transaction. */
export async function finishItem(
  ctx: Keeping,
  id: number,
  { processed, again }: { processed: Processed; again: boolean },
): Promise<void> {
  const kept = await keepBytes(
    ctx,
    processed.made.map(({ incoming }) => incoming),
  )
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    // Together and in order, because the counter of the other one is written below: two that share bytes, one a
    // rebound of the other, would wait for each other otherwise.
    const before = await itemById(db, id)
    await lockRows(db, 'item', [id, ...(before?.rebound_of ? [before.rebound_of] : [])])
    const item = await itemById(db, id)
    // Deleted meanwhile, or done by a twin of this job: then nothing needs these bytes.
    if (!item || !isWaiting(item, again)) return releaseBlobs(ctx, db, now, hashesOf(processed.made))

    await nameBlobs(db, now, kept)
    const replaced = await replaceRenditions(db, id, processed.made.map(renditionRow(id)))
    await updateItem(db, id, { state: 'ready', ...foundColumns(item, processed) })
    await recordChange(db, now, { noun: 'item', id, op: 'change' })
    await recountRebounds(db, [item.rebound_of])
    const nowUsed = new Set(hashesOf(processed.made))
    const unused = replaced.filter((sha256) => !nowUsed.has(sha256))
    await releaseBlobs(ctx, db, now, unused)
  })
}

/** The item will never be ready; `sentence` tells its owner why. */
export function failItem(ctx: Pick<Context, 'db' | 'clock'>, id: number, sentence: string): Promise<void> {
  return ctx.db.transaction().execute(async (db) => {
    const item = await itemToChange(db, id)
    if (item?.state !== 'processing') return
    await updateItem(db, id, { state: 'failed', failure: sentence })
    await recordChange(db, ctx.clock(), { noun: 'item', id, op: 'change' })
  })
}

const hashesOf = (made: readonly Made[]) => made.map(({ incoming }) => incoming.sha256)

const renditionRow = (itemId: number) => (made: Made) => ({
  item_id: itemId,
  name: made.name,
  blob_sha256: made.incoming.sha256,
  width: made.width,
  height: made.height,
  format: made.format,
  mime_type: made.mimeType,
  animated: made.animated ? (1 as const) : (0 as const),
})

function foundColumns(
  item: ItemRow,
  { colours, placeholder, intensities, perceptualHash, camera }: Processed,
) {
  const content: unknown = JSON.parse(item.content)
  return {
    colours: JSON.stringify(colours),
    placeholder,
    intensities: JSON.stringify(intensities),
    perceptual_hash: perceptualHash,
    content: camera ? JSON.stringify(Object.assign({}, content, { camera })) : item.content,
    // The camera's own clock, so the day where the picture was taken.
    taken_on: item.taken_on ?? textOrNull(camera?.takenAt?.slice(0, 10)),
  }
}

export async function attachmentToProcess(db: Db, id: number): Promise<AttachmentRow | null> {
  const attachment = await attachmentById(db, id)
  return attachment?.state === 'processing' ? attachment : null
}

/** Makes an attached picture ready; `stripped`, when given, takes the place of the bytes that came in. */
export async function finishAttachment(
  ctx: Keeping,
  attachment: AttachmentRow,
  { thumbnail, stripped }: { thumbnail: Made; stripped: Incoming | null },
): Promise<void> {
  const made = stripped ? [thumbnail.incoming, stripped] : [thumbnail.incoming]
  const kept = await keepBytes(ctx, made)
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    await itemToChange(db, attachment.item_id)
    await nameBlobs(db, now, kept)
    const finished = await finishAttachmentRow(db, attachment.id, {
      state: 'ready',
      thumbnail_sha256: thumbnail.incoming.sha256,
      thumbnail_mime_type: thumbnail.mimeType,
      ...(stripped ? { blob_sha256: stripped.sha256, size_bytes: stripped.sizeBytes } : {}),
    })
    const unused = finished ? (stripped ? [attachment.blob_sha256] : []) : made.map(({ sha256 }) => sha256)
    await releaseBlobs(ctx, db, now, unused)
    if (finished) await recordAttachment(db, now, attachment)
  })
}

/** The attachment will never be shown. */
export function failAttachment(ctx: Pick<Context, 'db'>, attachment: AttachmentRow): Promise<boolean> {
  return finishAttachmentRow(ctx.db, attachment.id, { state: 'failed' })
}

async function recordAttachment(db: Db, now: Date, { id, item_id }: AttachmentRow): Promise<void> {
  await recountAttachments(db, item_id)
  await recordChange(db, now, { noun: 'attachment', id, op: 'change' })
  await recordChange(db, now, { noun: 'item', id: item_id, op: 'change' })
}
