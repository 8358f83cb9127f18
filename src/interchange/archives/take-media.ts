import { BlobTooLarge, type Incoming } from '../../blobs/blobs.ts'
import type { Context } from '../../context.ts'
import { gatherFile, type Gathered } from '../../library/collecting-facts.ts'
import { LibraryError } from '../../library/errors.ts'
import { ZipError } from '../../reading/zip-entries.ts'
import type { ArchiveMedia } from './rows.ts'

/** A picture or a film that has arrived. */
export type TakenMedia = Pick<Gathered, 'kind' | 'content' | 'media' | 'file'> & { incoming: Incoming }

/** Takes in a picture or a film of an archive, or says in a sentence why not; then nothing is left. */
export async function takeMedia(
  ctx: Pick<Context, 'blobs' | 'config'>,
  media: ArchiveMedia,
): Promise<TakenMedia | string> {
  const incoming = await receive(ctx, media)
  if (typeof incoming === 'string') return incoming
  const found = await look(incoming, media.fileName)
  if (typeof found !== 'string') return { ...found, incoming }
  await ctx.blobs.discard(incoming)
  return found
}

async function receive(
  { blobs, config }: Pick<Context, 'blobs' | 'config'>,
  media: ArchiveMedia,
): Promise<Incoming | string> {
  const maxBytes = config.VITRINE_UPLOAD_MAX_BYTES
  try {
    return await blobs.receive(await media.open(), { maxBytes })
  } catch (error) {
    if (error instanceof BlobTooLarge) return `the original is larger than ${maxBytes} bytes`
    if (error instanceof ZipError) return `the original cannot be unpacked: ${error.message}`
    throw error
  }
}

async function look(incoming: Incoming, fileName: string): Promise<Omit<TakenMedia, 'incoming'> | string> {
  try {
    const { kind, content, media, file } = await gatherFile({
      kind: 'file',
      incoming,
      fileName,
      mimeType: null,
    })
    const isShown = kind === 'image' || kind === 'embed' || file?.mimeType.startsWith('image/')
    return isShown ? { kind, content, media, file } : 'the original is no picture and no film'
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error
    if (error.reason.kind === 'bad_media') return `the original cannot be used: ${error.reason.detail}`
    if (error.reason.kind === 'invalid') return `the original cannot be used: ${error.message}`
    throw error
  }
}
