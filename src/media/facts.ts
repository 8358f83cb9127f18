import type { FileState, Span } from './byte-source.ts'

export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

/** What the bytes of a picture say about it, without decoding them. */
export type PictureFacts = {
  format: PictureFormat
  mimeType: string
  sizeBytes: number
  /** Pixels, after the EXIF orientation has been applied. */
  width: number
  height: number
  /** Pixels, as stored. */
  storedWidth: number
  storedHeight: number
  /** EXIF orientation, 1 to 8; 1 when the picture does not say. */
  orientation: number
  /** Bits per channel as stored (1 to 16). */
  bitDepth: number
  /** Channels once decoded, alpha included: 1 to 5 (a palette counts as colour). */
  channels: number
  hasAlpha: boolean
  /** PNG Adam7, progressive JPEG, interlaced GIF: the decoder must hold the whole picture. */
  interlaced: boolean
  /** Animated PNG counts as its still default image: decoders show browsers one thing and libvips that one. */
  frames: number
  /** One round of the animation as browsers play it (a delay of up to 10 ms is shown for 100 ms); 0 for a still. */
  durationMs: number
  /** Bytes behind the end of the picture. */
  trailingBytes: number
}

/** What we are willing to decode. The defaults are `defaultPictureLimits`. */
export type PictureLimits = {
  sidePixels: number
  stillPixels: number
  /** Width x height x channels x bytes per channel. */
  decodedBytes: number
  /** The same for an interlaced or progressive picture, which must be held whole. */
  interlacedBytes: number
  frames: number
  /** Width x height x frames. */
  animationPixels: number
}

export const defaultPictureLimits: PictureLimits = {
  sidePixels: 16_384,
  stillPixels: 128_000_000,
  decodedBytes: 1024 ** 3,
  interlacedBytes: 256 * 1024 ** 2,
  frames: 2_000,
  animationPixels: 256_000_000,
}

/** Segments, chunks or boxes that are not picture data. A camera writes some dozens. */
export const maxMetadataBlocks = 10_000
/** One such block, and all those together that are read. In earnest, edit histories reach a few megabytes. */
export const maxMetadataBytes = 16 * 1024 ** 2

/** A block of metadata inside a picture, as the walks over the formats find it. */
export type MetadataBlock = {
  /** `exif` is a TIFF structure, `xmp` text, `iptc` a Photoshop block; `opaque` cannot be read without inflating it. */
  kind: 'exif' | 'xmp' | 'iptc' | 'opaque'
  /** Where the content lies, in order. */
  spans: Span[]
  /** The segment, chunk or extension that can be cut out whole; null where nothing may move. */
  unit: Span | null
}

/** The result of a walk over one format. Sides are as stored. */
export type Structure = {
  width: number
  height: number
  bitDepth: number
  channels: number
  hasAlpha: boolean
  interlaced: boolean
  frames: number
  durationMs: number
  /** Position behind the last byte of the picture. */
  end: number
  metadata: MetadataBlock[]
  /** What else must fit the limits though it is not decoded: the canvas that a GIF declares. */
  declared?: { width: number; height: number }
}

/** The verdict on a picture file that may be decoded; it holds as long as the file is in the same state. */
export type JudgedPicture = {
  facts: PictureFacts
  /** Where the first EXIF block lies, a TIFF structure; nowhere if there is none. */
  exif: Span[]
  state: FileState
}

/** A picture file that has been walked over from end to end. */
export type ExaminedPicture = { path: string; judged: JudgedPicture; structure: Structure }

/** How long browsers show a frame: they take a delay of up to 10 ms for a tenth of a second. */
export function shownDelayMs(delayMs: number): number {
  return delayMs <= 10 ? 100 : delayMs
}
