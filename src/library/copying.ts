import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { isPublic, isVisible } from './access.ts'
import { signedIn } from './accounts.ts'
import { isDocument, readDocumentLater } from './document-texts.ts'
import { ownedAmong } from './dupes.ts'
import { invalid, LibraryError } from './errors.ts'
import { checkQuota } from './item-checks.ts'
import type { ItemRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import { recordChange } from './store/changes.ts'
import { copyParts } from './store/collected.ts'
import { lockRows } from './store/ids.ts'
import { insertItem, itemById } from './store/items.ts'
import { replaceTags, tagsOfItems } from './store/tags.ts'
import type { Viewer } from './viewer.ts'

/**
 * Makes a public item of somebody else the viewer's own too: what it holds, its title, source and tags, with the time
 * of now. The description is its author's and stays behind.
 *
 * @throws LibraryError `not_found` unless everybody may see it, `invalid` (`owner` for one's own, `media` for one that
 *   the viewer has like it), `not_allowed`, `too_many`.
 */
export function copyItem(
  ctx: Pick<Context, 'db' | 'clock' | 'queue' | 'config'>,
  viewer: Viewer,
  id: number,
): Promise<{ id: number; uid: string }> {
  const me = signedIn(viewer)
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    await lockRows(db, 'account', [me])
    await lockRows(db, 'item', [id])
    const original = await itemToCopy(db, viewer, id)
    const account = await accountById(db, me)
    if (!account || account.may_upload === 0 || account.suspended === 1)
      throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'add' })
    if (viewer.role !== 'admin') await checkQuota(db, ctx.config, account, now)

    const row = copyOf(original, me, now)
    const copy = await insertItem(db, row)
    if (copy === null) throw new Error('A random uid came up twice.')
    await copyParts(db, id, copy)
    // Its text may not have been read yet.
    if (isDocument(original)) await readDocumentLater(ctx, db, copy)
    await replaceTags(db, now, copy, (await tagsOfItems(db, [id])).get(id) ?? [])
    await recordChange(db, now, { noun: 'item', id: copy, op: 'create' })
    return { id: copy, uid: row.uid }
  })
}

async function itemToCopy(db: Db, viewer: Viewer, id: number): Promise<ItemRow> {
  const item = await itemById(db, id)
  if (!item || !isVisible(viewer, item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
  if (item.owner_id === viewer.accountId) throw invalid('owner', 'is the one who copies')
  if (!isPublic(item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
  if ((await ownedAmong(db, viewer, [item])).size > 0) throw invalid('media', 'is there already')
  return item
}

function copyOf(original: ItemRow, ownerId: number, now: Date) {
  const ms = now.getTime()
  return {
    uid: randomBytes(12).toString('hex'),
    owner_id: ownerId,
    kind: original.kind,
    title: original.title,
    source_url: original.source_url,
    content: original.content,
    media_hash: original.media_hash,
    ...mediaOf(original),
    state: 'ready' as const,
    published_ms: ms,
    created_ms: ms,
    updated_ms: ms,
    first_seen_ms: ms,
  }
}

const mediaOf = (original: ItemRow) => ({
  blob_sha256: original.blob_sha256,
  file_name: original.file_name,
  mime_type: original.mime_type,
  format: original.format,
  width: original.width,
  height: original.height,
  frames: original.frames,
  duration_seconds: original.duration_seconds,
  silent: original.silent,
  size_bytes: original.size_bytes,
  sha512: original.sha512,
  orig_sha512: original.orig_sha512,
  taken_on: original.taken_on,
  colours: original.colours,
  placeholder: original.placeholder,
  perceptual_hash: original.perceptual_hash,
  intensities: original.intensities,
})
