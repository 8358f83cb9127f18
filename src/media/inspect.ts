import { openBytes, type ByteSource } from './byte-source.ts'
import { tooLarge } from './errors.ts'
import { orientationOf } from './exif/tiff.ts'
import {
  defaultPictureLimits,
  maxMetadataBytes,
  type ExaminedPicture,
  type PictureFacts,
  type PictureFormat,
  type PictureLimits,
  type Structure,
} from './facts.ts'
import { walkAvif } from './inspect/avif.ts'
import { walkGif } from './inspect/gif.ts'
import { walkJpeg } from './inspect/jpeg.ts'
import { walkPng } from './inspect/png.ts'
import { walkWebp } from './inspect/webp.ts'
import { sniffPicture } from './sniff.ts'

const mebibyte = 1024 ** 2

const mimeTypes: Record<PictureFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

/**
 * Reads the structure of a picture file, end to end in windows of 256 KiB, and decodes nothing. What passes has a
 * type we take, is whole as far as its structure tells, and is not too large to decode.
 *
 * @param limits Those given replace the defaults.
 * @throws MediaError `unsupported`, `corrupt` or `too_large`, with a sentence that is safe to show.
 */
export async function inspectPicture(
  path: string,
  limits: Partial<PictureLimits> = {},
): Promise<PictureFacts> {
  return (await examinePicture(path, limits)).judged.facts
}

/** The same, and what else the walk has found, so that nobody has to walk again. */
export async function examinePicture(
  path: string,
  limits: Partial<PictureLimits> = {},
): Promise<ExaminedPicture> {
  const source = await openBytes(path)
  try {
    const format = sniffPicture(await source.read(0, 4096))
    const structure = await walkPicture(source, format)
    checkLimits(structure, { ...defaultPictureLimits, ...limits })
    const exif = structure.metadata.find(({ kind }) => kind === 'exif')?.spans ?? []
    // AVIF turns pictures by its own means, and nobody turns an animation.
    const turns = exif.length > 0 && format !== 'avif' && structure.frames === 1
    const orientation = turns ? orientationOf(await source.copy(exif)) : 1
    return {
      path,
      judged: {
        facts: factsOf(source.sizeBytes, format, structure, orientation),
        exif,
        state: source.state,
      },
      structure,
    }
  } finally {
    await source.close()
  }
}

/** The type that a format goes by in HTTP. */
export function mimeTypeOf(format: PictureFormat): string {
  return mimeTypes[format]
}

/** The walk over one format, whose first bytes have been recognised. */
async function walkPicture(source: ByteSource, format: PictureFormat): Promise<Structure> {
  const found = await walkFormat(source, format)
  const metadataBytes = found.metadata
    .flatMap(({ spans }) => spans)
    .reduce((sum, { length }) => sum + length, 0)
  if (metadataBytes > maxMetadataBytes) throw tooLarge('the picture holds too much metadata')
  return found
}

function walkFormat(source: ByteSource, format: PictureFormat): Promise<Structure> {
  switch (format) {
    case 'jpeg':
      return walkJpeg(source)
    case 'png':
      return walkPng(source)
    case 'gif':
      return walkGif(source)
    case 'webp':
      return walkWebp(source)
    case 'avif':
      return walkAvif(source)
  }
}

function factsOf(
  sizeBytes: number,
  format: PictureFormat,
  found: Structure,
  orientation: number,
): PictureFacts {
  const { width: storedWidth, height: storedHeight } = found
  const isTurned = orientation >= 5
  return {
    format,
    mimeType: mimeTypes[format],
    sizeBytes,
    width: isTurned ? storedHeight : storedWidth,
    height: isTurned ? storedWidth : storedHeight,
    storedWidth,
    storedHeight,
    orientation,
    bitDepth: found.bitDepth,
    channels: found.channels,
    hasAlpha: found.hasAlpha,
    interlaced: found.interlaced,
    frames: found.frames,
    durationMs: found.durationMs,
    trailingBytes: sizeBytes - found.end,
  }
}

/** Refuses what would cost too much to decode, before anything is decoded. */
function checkLimits(found: Structure, limits: PictureLimits): void {
  for (const { width, height } of [found, found.declared ?? found]) {
    if (Math.max(width, height) > limits.sidePixels) {
      throw tooLarge(
        `the picture is ${width} x ${height} pixels; a side may have at most ${limits.sidePixels}`,
      )
    }
    if (width * height > limits.stillPixels) {
      throw tooLarge(`the picture has more than ${limits.stillPixels / 1e6} megapixels`)
    }
    if (found.frames > 1 && width * height * found.frames > limits.animationPixels) {
      throw tooLarge(`the frames have more than ${limits.animationPixels / 1e6} megapixels in all`)
    }
  }
  if (found.frames > limits.frames) throw tooLarge(`the animation has more than ${limits.frames} frames`)

  const decoded = found.width * found.height * found.channels * (found.bitDepth > 8 ? 2 : 1)
  if (decoded > limits.decodedBytes) {
    throw tooLarge(`the picture takes more than ${limits.decodedBytes / mebibyte} MiB when decoded`)
  }
  // A GIF is held whole anyway, interlaced or not.
  if (found.interlaced && !found.declared && decoded > limits.interlacedBytes) {
    throw tooLarge(
      `an interlaced picture may take at most ${limits.interlacedBytes / mebibyte} MiB when decoded`,
    )
  }
}
