import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { PictureFacts } from '../media/facts.ts'
import { isVisible, mayChange } from './access.ts'
import { LibraryError } from './errors.ts'
import { cleanFileName } from './file-name.ts'
import { releaseBlobs } from './garbage.ts'
import { keepBytes, nameBlobs } from './keeping.ts'
import type { Page, Paged } from './page.ts'
import type { AttachmentRow, ItemRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import { attachmentById, attachmentsOf, deleteAttachment, insertAttachment } from './store/attachments.ts'
import { recordChange } from './store/changes.ts'
import { itemById, itemToChange, recountAttachments, updateItem } from './store/items.ts'
import { memberOfAnyTeam } from './teams.ts'
import type { Viewer } from './viewer.ts'

export interface NewAttachment {
  incoming: Incoming
  fileName: string | null
  /** What the bytes are, whatever the sender called them. */
  mimeType: string
  /** What is known of it when it is a picture: then it is shown once its small picture is made. */
  picture: PictureFacts | null
}

/**
 * Attaches a file to an item. Pictures are made ready by a job, which also takes out where they were taken;
 * anything else is ready at once. On refusal the bytes are dropped.
 *
 * @returns The id of the attachment.
 * @throws LibraryError `not_found`; `not_allowed` unless the item is the viewer's and its owner pro, a team or a
 *   member of one (API v1, "Create an attachment"); `storage_full`.
 */
export async function addAttachment(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>,
  viewer: Viewer,
  itemId: number,
  input: NewAttachment,
): Promise<number> {
  try {
    await itemToAttachTo(ctx.db, viewer, await itemById(ctx.db, itemId))
    const kept = await keepBytes(ctx, [input.incoming])
    return await ctx.db.transaction().execute(async (db) => {
      const now = ctx.clock()
      const item = await itemToAttachTo(db, viewer, await itemToChange(db, itemId))
      await nameBlobs(db, now, kept)
      const id = await insertAttachment(db, newRow(item, input, now))
      if (input.picture)
        await ctx.queue.enqueue(db, { kind: 'process-attachment', payload: { attachment: id } })
      else await touchItem(db, now, itemId)
      await recordChange(db, now, { noun: 'attachment', id, op: 'create' })
      return id
    })
  } catch (error) {
    await ctx.blobs.discard(input.incoming)
    throw error
  }
}

async function itemToAttachTo(db: Db, viewer: Viewer, item: ItemRow | null): Promise<ItemRow> {
  if (!item || !isVisible(viewer, item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
  const owner = mayChange(viewer, item) ? await accountById(db, item.owner_id) : null
  const entitled =
    owner && (owner.pro === 1 || owner.kind === 'team' || (await memberOfAnyTeam(db, owner.id)))
  if (!entitled) throw new LibraryError({ kind: 'not_allowed', what: 'attachment', action: 'add' })
  return item
}

const newRow = (item: ItemRow, { incoming, fileName, mimeType, picture }: NewAttachment, now: Date) => ({
  item_id: item.id,
  blob_sha256: incoming.sha256,
  file_name: cleanFileName(fileName) ?? 'attachment',
  mime_type: picture?.mimeType ?? mimeType,
  size_bytes: incoming.sizeBytes,
  state: picture ? ('processing' as const) : ('ready' as const),
  created_ms: now.getTime(),
})

/** The item shows its attachments, so it changes with them. */
async function touchItem(db: Db, now: Date, itemId: number): Promise<void> {
  await recountAttachments(db, itemId)
  await updateItem(db, itemId, { updated_ms: now.getTime() })
  await recordChange(db, now, { noun: 'item', id: itemId, op: 'change' })
}

/** @throws LibraryError `not_found`, also for an attachment of another item or one that is not ready. */
export async function findAttachment(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  itemId: number,
  id: number,
): Promise<AttachmentRow> {
  const item = await itemById(ctx.db, itemId)
  const attachment = item && isVisible(viewer, item) ? await attachmentById(ctx.db, id) : null
  if (attachment?.item_id !== itemId || attachment.state !== 'ready')
    throw new LibraryError({ kind: 'not_found', what: 'attachment' })
  return attachment
}

/** Attachments that are ready, oldest first. @throws LibraryError `not_found` (item). */
export async function listAttachments(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  itemId: number,
  page: Page,
): Promise<Paged<AttachmentRow>> {
  const item = await itemById(ctx.db, itemId)
  if (!item || !isVisible(viewer, item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
  return attachmentsOf(ctx.db, itemId, page)
}

/** Owners may also delete one that is not ready. @throws LibraryError `not_found`, `not_allowed`. */
export async function removeAttachment(
  ctx: Pick<Context, 'db' | 'clock' | 'queue'>,
  viewer: Viewer,
  itemId: number,
  id: number,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const item = await itemToChange(db, itemId)
    const attachment = item && isVisible(viewer, item) ? await attachmentById(db, id) : null
    const mine = item !== null && mayChange(viewer, item)
    if (attachment?.item_id !== itemId || (!mine && attachment.state !== 'ready'))
      throw new LibraryError({ kind: 'not_found', what: 'attachment' })
    if (!mine) throw new LibraryError({ kind: 'not_allowed', what: 'attachment', action: 'delete' })

    await deleteAttachment(db, id)
    await touchItem(db, now, itemId)
    await recordChange(db, now, { noun: 'attachment', id, op: 'delete' })
    const blobs = [attachment.blob_sha256, attachment.thumbnail_sha256].filter((sha256) => sha256 !== null)
    await releaseBlobs(ctx, db, now, blobs)
  })
}
