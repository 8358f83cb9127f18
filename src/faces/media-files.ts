import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { sendStored, type SendOptions, type StoredFile } from '../http/send-file.ts'
import { sameText, signature } from '../identity/secrets.ts'
import { isPublic } from '../library/access.ts'
import { LibraryError } from '../library/errors.ts'
import { findItem, type LoadedItem } from '../library/items.ts'
import type { ItemRow } from '../library/rows.ts'
import { OPERATOR } from '../library/viewer.ts'
import { drawIdenticon } from '../media/identicon.ts'

/** Type of bytes that nothing better is known of. */
export const BYTES = 'application/octet-stream'
const PLACEHOLDER_PIXELS = 300
/** An item's addresses outlive its bytes: it may be hidden, deleted or made again. */
const KEEP_SECONDS = 3600

/** Signs what is not for everybody, so that a picture's address can be given to a tag that carries no token. */
export type MediaSigner = (item: Pick<ItemRow, 'uid'>) => string

export const mediaSigner =
  ({ secret }: Pick<Context, 'secret'>): MediaSigner =>
  ({ uid }) =>
    signature(secret, `media ${uid}`)

/** Everybody may follow the address of a published item; any other carries a signature that only its owner is given. */
export function readableAddress(address: string, item: ItemRow, sign: MediaSigner): string {
  return isPublic(item) ? address : `${address}?signature=${sign(item)}`
}

/**
 * The item of a picture's address: for everybody if it is public, for the holder of a signed address otherwise.
 *
 * @throws LibraryError `not_found`, whatever the reason.
 */
export async function itemForReader(
  ctx: Pick<Context, 'db' | 'secret'>,
  id: number,
  given: unknown,
): Promise<LoadedItem> {
  const loaded = await findItem(ctx, OPERATOR, id)
  if (isPublic(loaded.item)) return loaded
  const isSigned = typeof given === 'string' && sameText(given, mediaSigner(ctx)(loaded.item))
  const isGone = loaded.item.visibility === 'removed' || loaded.item.visibility === 'merged'
  if (isSigned && !isGone) return loaded
  throw new LibraryError({ kind: 'not_found', what: 'item' })
}

interface SentBlob extends Omit<SendOptions, 'visibility'> {
  /** The item whose visibility the bytes share. */
  item: ItemRow
  sha256: string
  mimeType: string
}

/** Sends stored bytes of an item. @throws LibraryError `not_found` when they are not there. */
export async function sendBlob(
  { blobs }: Pick<Context, 'blobs'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { item, sha256, mimeType, ...options }: SentBlob,
): Promise<FastifyReply> {
  const sizeBytes = await blobs.size(sha256)
  if (sizeBytes === null) throw new LibraryError({ kind: 'not_found', what: 'blob' })
  const file: StoredFile = {
    sizeBytes,
    etag: `"${sha256.slice(0, 32)}"`,
    lastModifiedMs: item.updated_ms,
    mimeType,
    open: (range) => blobs.open(sha256, range),
  }
  const visibility = isPublic(item) ? 'public' : 'private'
  return sendStored(reply, file, request, { ...options, visibility, keepSeconds: KEEP_SECONDS })
}

/** Where an item's picture is not at hand, a drawn one of its own stands in. */
export function sendPlaceholder(
  request: FastifyRequest,
  reply: FastifyReply,
  { uid }: ItemRow,
): FastifyReply {
  return sendDrawn(request, reply, { seed: uid, pixels: PLACEHOLDER_PIXELS })
}

/** Sends a drawn picture of a seed's own: a placeholder, or the avatar of an account that has none. */
export function sendDrawn(
  request: FastifyRequest,
  reply: FastifyReply,
  { seed, pixels }: { seed: string; pixels: number },
): FastifyReply {
  const picture = drawIdenticon(seed, pixels)
  const file: StoredFile = {
    sizeBytes: picture.length,
    etag: `"drawn-${pixels}-${Buffer.from(seed).toString('hex').slice(0, 64)}"`,
    lastModifiedMs: 0,
    mimeType: 'image/png',
    open: (range) => Readable.from([range ? picture.subarray(range.first, range.last + 1) : picture]),
  }
  const options = { visibility: 'public', disposition: 'inline', keepSeconds: KEEP_SECONDS } as const
  return sendStored(reply, file, request, options)
}
