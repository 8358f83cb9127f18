import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Made, Processed } from '../library/processing.ts'
import { attachmentThumbnail, publicOriginal, specsFor } from '../library/renditions.ts'
import type { PictureFacts } from '../media/facts.ts'
import { inspectPicture } from '../media/inspect.ts'
import { stripLocation } from '../media/location.ts'
import type { Rendition } from '../media/processed.ts'

/** Bytes on this disk, and a folder to work in. */
interface Workplace {
  path: string
  folder: string
}

type Making = Pick<Context, 'blobs' | 'media'>

/** Everything that is derived from an original, with its bytes in `incoming/`. @throws MediaError. */
export async function makePictures(ctx: Making, at: Workplace): Promise<Processed> {
  const facts = await inspectPicture(at.path)
  const { renditions, ...found } = await ctx.media.processPicture({
    path: at.path,
    outputDir: at.folder,
    renditions: specsFor(facts),
  })
  const made: Made[] = []
  for (const rendition of renditions) made.push(await adopted(ctx, rendition))
  const stripped = await withoutLocation(ctx, at, facts)
  if (stripped) made.push({ name: publicOriginal, ...facts, animated: facts.frames > 1, incoming: stripped })
  return { ...found, made }
}

/** The same for an attached picture: its thumbnail, and its bytes without the place they were taken at. */
export async function makeThumbnail(
  ctx: Making,
  at: Workplace,
): Promise<{ thumbnail: Made; stripped: Incoming | null }> {
  const facts = await inspectPicture(at.path)
  const { renditions } = await ctx.media.processPicture({
    path: at.path,
    outputDir: at.folder,
    renditions: [attachmentThumbnail],
  })
  const [rendition] = renditions
  if (!rendition) throw new Error('A thumbnail was asked for and did not come.')
  return { thumbnail: await adopted(ctx, rendition), stripped: await withoutLocation(ctx, at, facts) }
}

/** A picture that anybody may fetch must not say where it was taken. Null when it does not. */
async function withoutLocation(
  ctx: Making,
  at: Workplace,
  { format }: PictureFacts,
): Promise<Incoming | null> {
  const path = join(at.folder, `${randomBytes(12).toString('hex')}.${format}`)
  return (await stripLocation(at.path, path, format)) ? ctx.blobs.adopt(path) : null
}

async function adopted(ctx: Making, rendition: Rendition): Promise<Made> {
  return { ...rendition, incoming: await ctx.blobs.adopt(rendition.path) }
}

/** Lends the bytes of a blob and a folder to work in, and takes both back whatever happens. */
export async function withBlob<T>(
  ctx: Pick<Context, 'blobs'>,
  sha256: string,
  work: (at: Workplace) => Promise<T>,
): Promise<T> {
  const file = await ctx.blobs.asFile(sha256)
  try {
    const folder = await ctx.blobs.workFolder()
    try {
      return await work({ path: file.path, folder: folder.path })
    } finally {
      await folder.remove()
    }
  } finally {
    await file.release()
  }
}
