import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { analyse, smallSide } from './analyse.ts'
import { readSpans } from './byte-source.ts'
import { readCamera } from './camera.ts'
import { corrupt, MediaError, tooLarge } from './errors.ts'
import type { JudgedPicture, PictureFacts, PictureFormat } from './facts.ts'
import { cropAt, placeRendition, scaleWhole, type Placement, type Size } from './geometry.ts'
import { examinePicture, mimeTypeOf } from './inspect.ts'
import type { Analysis, ProcessedPicture, Rendition, RenditionSpec } from './processed.ts'

/** The request as the child process gets it: the names of all files that it writes begin with `prefix`. */
export type PictureJob = {
  path: string
  outputDir: string
  prefix: string
  renditions: RenditionSpec[]
  /** What the server found when it examined the file; null when it has not. */
  judged: JudgedPicture | null
}

/** The whole picture, turned upright, in plain sRGB pixels, as large as the largest rendition needs it. */
type Base = Size & { pixels: Buffer; channels: 1 | 2 | 3 | 4 }
type OutputFormat = Exclude<PictureFormat, 'avif'>
type Planned = { spec: RenditionSpec; placement: Placement; animated: boolean }

const reading: SharpOptions = { failOn: 'error' }
const smallBox = { width: smallSide, height: smallSide, fit: 'inside' } as const
const outOfMemory = /memory|alloc/i

/**
 * Makes the renditions of a picture and reads what its pixels and its camera tell. Decodes once for all stills
 * and the analysis, and once more for each rendition that moves.
 *
 * @throws MediaError if the picture is refused or cannot be decoded; an error of the file system as it comes.
 */
export async function processPicture(job: PictureJob): Promise<ProcessedPicture> {
  const { facts, exif } = await judge(job)
  const planned = job.renditions.map((spec) => ({
    spec,
    placement: placeRendition(facts, spec),
    animated: spec.animate && facts.frames > 1,
  }))
  const small = placeRendition(facts, smallBox)
  const stills = planned.filter(({ animated }) => !animated)
  const scale = Math.max(small.scale, ...stills.map(({ placement }) => placement.scale))
  const base = await decode(job.path, facts, scale)

  const render = async (plan: Planned): Promise<Rendition> => {
    const image = plan.animated
      ? openMoving(job.path, facts, plan.placement)
      : cut(base, facts, plan.placement)
    return await write(job, facts, plan, image)
  }
  // All of them end before the answer, so that nothing is written after a failure has been cleaned up.
  const [analysis, ...renditions] = await Promise.allSettled([
    analyseBase(base, small),
    ...planned.map(render),
  ])
  return {
    renditions: renditions.map(valueOf),
    ...valueOf(analysis),
    camera: exif.length > 0 ? await readCamera(await readSpans(job.path, exif)) : null,
  }
}

/** Nothing is decoded that was not judged as it is: a file that has changed since is judged again. */
async function judge({ path, judged }: PictureJob): Promise<JudgedPicture> {
  if (judged !== null) {
    const { size, mtimeMs } = await stat(path)
    if (size === judged.state.sizeBytes && mtimeMs === judged.state.modifiedMs) return judged
  }
  return (await examinePicture(path)).judged
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

/** Decodes upright and straight to the scale that is needed, which a JPEG does at a fraction of the cost. */
async function decode(path: string, facts: PictureFacts, scale: number): Promise<Base> {
  const image = sharp(path, reading)
  if (facts.orientation !== 1) image.autoOrient()
  if (scale < 1) {
    const { width, height, autoOrient } = await decoding(sharp(path, reading).metadata())
    checkSides(facts, facts.orientation === 1 ? { width, height } : autoOrient)
    const base = scaleWhole(facts, scale)
    image.resize(base.width, base.height, { fit: 'fill' })
  }
  const { data, info } = await decoding(image.raw().toBuffer({ resolveWithObject: true }))
  if (scale === 1) checkSides(facts, info)
  return { pixels: data, width: info.width, height: info.height, channels: info.channels }
}

/** It is our own reading of the headers that has passed the limits. */
function checkSides(facts: Size, decoded: Size): void {
  if (decoded.width !== facts.width || decoded.height !== facts.height) {
    throw corrupt("the picture's headers disagree about its sides")
  }
}

/** A still of the base. */
function cut(base: Base, picture: Size, placement: Placement): Sharp {
  const { pixels, width, height, channels } = base
  const image = sharp(pixels, { raw: { width, height, channels } })
  return cropAndResize(image, cropAt(placement, picture, base), base, placement)
}

/** All frames of an animation, straight from the file. */
function openMoving(path: string, picture: Size, placement: Placement): Sharp {
  const image = sharp(path, { ...reading, animated: true })
  return cropAndResize(image, cropAt(placement, picture, picture), picture, placement)
}

function cropAndResize(
  image: Sharp,
  crop: Size & { left: number; top: number },
  whole: Size,
  wanted: Size,
): Sharp {
  if (crop.width < whole.width || crop.height < whole.height) image.extract(crop)
  if (crop.width !== wanted.width || crop.height !== wanted.height) {
    image.resize(wanted.width, wanted.height, { fit: 'fill' })
  }
  return image
}

async function analyseBase(base: Base, small: Placement): Promise<Analysis> {
  const image = cut(base, base, { ...small, crop: { ...base, left: 0, top: 0 } })
    .ensureAlpha()
    .raw()
  const { data, info } = await decoding(image.toBuffer({ resolveWithObject: true }))
  return analyse({ width: info.width, height: info.height, rgba: data })
}

async function write(job: PictureJob, facts: PictureFacts, plan: Planned, image: Sharp): Promise<Rendition> {
  const format = facts.format === 'avif' ? 'webp' : facts.format
  const { spec, placement, animated } = plan
  // Encoded in memory first: then an error of the file system cannot be taken for one of the picture.
  const bytes = await decoding(encode(image, format).toBuffer())
  const path = join(job.outputDir, `${job.prefix}-${spec.name}.${format === 'jpeg' ? 'jpg' : format}`)
  await writeFile(path, bytes, { flag: 'wx' })
  return {
    name: spec.name,
    path,
    width: placement.width,
    height: placement.height,
    format,
    mimeType: mimeTypeOf(format),
    sizeBytes: bytes.length,
    animated,
  }
}

function encode(image: Sharp, format: OutputFormat): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: 85, chromaSubsampling: '4:2:0', mozjpeg: false })
    case 'png':
      return image.png()
    case 'gif':
      // The default effort takes six times as long over an animation for files of the same size.
      return image.gif({ effort: 4 })
    case 'webp':
      return image.webp({ quality: 85 })
  }
}

/** Whatever goes wrong inside the picture library is the picture's fault; its messages stay inside. */
async function decoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof MediaError || !(error instanceof Error)) throw error
    if (outOfMemory.test(error.message)) throw tooLarge('the picture takes too much memory to decode')
    if (error.message.includes('pixel limit')) throw tooLarge('the picture has too many pixels to decode')
    throw corrupt('the picture cannot be decoded')
  }
}
