import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Made, Processed } from '../library/processing.ts'
import { attachmentThumbnail, publicOriginal, specsFor } from '../library/renditions.ts'
import type { ExaminedPicture } from '../media/facts.ts'
import { examinePicture } from '../media/inspect.ts'
import { withoutLocation } from '../media/location.ts'
import type { Rendition, RenditionSpec } from '../media/processed.ts'

/** Bytes on this disk, and a folder to work in. */
interface Workplace {
  path: string
  folder: string
}

type Making = Pick<Context, 'blobs' | 'media'>

/** Everything that is derived from an original, with its bytes in `incoming/`. @throws MediaError. */
export async function makePictures(ctx: Making, at: Workplace): Promise<Processed> {
  const picture = await examinePicture(at.path)
  const { facts } = picture.judged
  const { found, made, stripped } = await derive(ctx, at, picture, specsFor(facts))
  if (stripped) made.push({ name: publicOriginal, ...facts, animated: facts.frames > 1, incoming: stripped })
  return { ...found, made }
}

/** The same for an attached picture: its thumbnail, and its bytes without the place they were taken at. */
export async function makeThumbnail(
  ctx: Making,
  at: Workplace,
): Promise<{ thumbnail: Made; stripped: Incoming | null }> {
  const { made, stripped } = await derive(ctx, at, await examinePicture(at.path), [attachmentThumbnail])
  const [thumbnail] = made
  if (!thumbnail) throw new Error('A thumbnail was asked for and did not come.')
  return { thumbnail, stripped }
}

/** The copy without a place is written while the picture is decoded, or waits for it. Nothing is left of a failure. */
async function derive(
  ctx: Making,
  at: Workplace,
  picture: ExaminedPicture,
  renditions: readonly RenditionSpec[],
) {
  const [rendering, copying] = await Promise.allSettled([
    render(ctx, at, picture, renditions),
    withoutPlace(ctx, picture),
  ])
  if (rendering.status === 'fulfilled' && copying.status === 'fulfilled')
    return { ...rendering.value, stripped: copying.value }
  const left = rendering.status === 'fulfilled' ? rendering.value.made.map(({ incoming }) => incoming) : []
  if (copying.status === 'fulfilled' && copying.value) left.push(copying.value)
  await Promise.all(left.map((incoming) => ctx.blobs.discard(incoming)))
  return { ...valueOf(rendering), stripped: valueOf(copying) }
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

async function render(
  ctx: Making,
  { path, folder }: Workplace,
  { judged }: ExaminedPicture,
  specs: readonly RenditionSpec[],
) {
  const request = { path, judged, outputDir: folder, renditions: specs }
  const { renditions, ...found } = await ctx.media.processPicture(request)
  return { found, made: await Promise.all(renditions.map((rendition) => adopted(ctx, rendition))) }
}

/** A picture that anybody may fetch must not say where it was taken. Null when it does not. */
async function withoutPlace(ctx: Making, picture: ExaminedPicture): Promise<Incoming | null> {
  const copy = await withoutLocation(picture)
  return copy && ctx.blobs.receive(copy, { maxBytes: picture.judged.state.sizeBytes })
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
