import type { ByteSource } from '../byte-source.ts'
import { corrupt, tooLarge } from '../errors.ts'
import {
  maxMetadataBlocks,
  maxMetadataBytes,
  shownDelayMs,
  type MetadataBlock,
  type Structure,
} from '../facts.ts'

type Chunk = { type: string; start: number; length: number; next: number }
type Size = { width: number; height: number }
type Image = Size & { hasAlpha: boolean }
type Walk = {
  canvas: Size | null
  hasAlpha: boolean
  animated: boolean
  still: Image | null
  frames: number
  durationMs: number
  metadata: MetadataBlock[]
}

/** Walks over the chunks of a WebP, those inside its frames included. */
export async function walkWebp(source: ByteSource): Promise<Structure> {
  const head = await source.read(0, 12)
  const end = 8 + head.readUInt32LE(4)
  if (end > source.sizeBytes) throw corrupt('the WebP ends before its declared size')

  const walk: Walk = {
    canvas: null,
    hasAlpha: false,
    animated: false,
    still: null,
    frames: 0,
    durationMs: 0,
    metadata: [],
  }
  let blocks = 0
  for (let position = 12; position < end;) {
    const chunk = await readChunk(source, position, end)
    await visit(source, chunk, walk)
    if (chunk.type !== 'ANMF' && ++blocks > maxMetadataBlocks)
      throw tooLarge('the WebP holds too many chunks')
    position = chunk.next
  }
  return { ...conclude(walk), end, metadata: walk.metadata }
}

function conclude({ canvas, still, animated, ...walk }: Walk): Omit<Structure, 'end' | 'metadata'> {
  const plain = { bitDepth: 8, interlaced: false }
  if (animated) {
    if (!canvas || walk.frames === 0) throw corrupt('the WebP holds no frame')
    const durationMs = walk.frames > 1 ? walk.durationMs : 0
    const { hasAlpha, frames } = walk
    return { ...canvas, ...plain, channels: hasAlpha ? 4 : 3, hasAlpha, frames, durationMs }
  }
  if (!still) throw corrupt('the WebP holds no picture data')
  if (canvas && (canvas.width !== still.width || canvas.height !== still.height)) {
    throw corrupt('the WebP declares two different sizes')
  }
  const hasAlpha = canvas ? walk.hasAlpha : still.hasAlpha
  const { width, height } = still
  return { width, height, ...plain, channels: hasAlpha ? 4 : 3, hasAlpha, frames: 1, durationMs: 0 }
}

async function readChunk(source: ByteSource, position: number, end: number): Promise<Chunk> {
  const head = await source.read(position, 8)
  if (head.length < 8 || position + 8 > end) throw corrupt('the WebP ends inside a chunk')
  const length = head.readUInt32LE(4)
  if (position + 8 + length > end) throw corrupt('the WebP ends inside a chunk')
  // Chunks are padded to an even length; some programs forget it for the last one.
  const next = Math.min(end, position + 8 + length + (length & 1))
  return { type: head.toString('latin1', 0, 4), start: position + 8, length, next }
}

async function visit(source: ByteSource, chunk: Chunk, walk: Walk): Promise<void> {
  switch (chunk.type) {
    case 'VP8X': {
      const head = await source.read(chunk.start, 10)
      if (walk.canvas || walk.still || chunk.length < 10) throw corrupt("the WebP's header is damaged")
      walk.hasAlpha = ((head[0] ?? 0) & 0x10) !== 0
      walk.animated = ((head[0] ?? 0) & 0x02) !== 0
      walk.canvas = { width: head.readUIntLE(4, 3) + 1, height: head.readUIntLE(7, 3) + 1 }
      return
    }
    case 'VP8 ':
    case 'VP8L':
      walk.still ??= await readImage(source, chunk)
      return
    case 'ANMF':
      return await visitFrame(source, chunk, walk)
    case 'EXIF':
    case 'XMP ':
      walk.metadata.push(await metadataOf(source, chunk))
  }
}

async function visitFrame(source: ByteSource, chunk: Chunk, walk: Walk): Promise<void> {
  if (!walk.canvas || chunk.length < 16) throw corrupt("the WebP's frame is damaged")
  const head = await source.read(chunk.start, 16)
  const [left, top] = [head.readUIntLE(0, 3) * 2, head.readUIntLE(3, 3) * 2]
  const [width, height] = [head.readUIntLE(6, 3) + 1, head.readUIntLE(9, 3) + 1]
  const delayMs = head.readUIntLE(12, 3)
  if (left + width > walk.canvas.width || top + height > walk.canvas.height) {
    throw corrupt('the WebP holds a frame outside its canvas')
  }
  const end = chunk.start + chunk.length
  let image: Image | null = null
  for (let position = chunk.start + 16; position < end && !image;) {
    const inner = await readChunk(source, position, end)
    if (inner.type === 'VP8 ' || inner.type === 'VP8L') image = await readImage(source, inner)
    position = inner.next
  }
  if (image?.width !== width || image.height !== height) throw corrupt("the WebP's frame is damaged")
  walk.frames += 1
  walk.durationMs += shownDelayMs(delayMs)
}

/** The sides in the first bytes of a lossy (RFC 6386, 9.1) or lossless (RFC 9649, 3.4) picture. */
async function readImage(source: ByteSource, { type, start, length }: Chunk): Promise<Image> {
  const head = await source.read(start, Math.min(length, 10))
  if (type === 'VP8L') {
    if (head.length < 5 || head[0] !== 0x2f) throw corrupt("the WebP's picture data is damaged")
    const bits = head.readUInt32LE(1)
    const hasAlpha = ((bits >>> 28) & 1) === 1
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha }
  }
  const isKeyFrame = head.length >= 10 && ((head[0] ?? 1) & 1) === 0 && head.readUIntBE(3, 3) === 0x9d012a
  if (!isKeyFrame) throw corrupt("the WebP's picture data is damaged")
  const [width, height] = [head.readUInt16LE(6) & 0x3fff, head.readUInt16LE(8) & 0x3fff]
  if (width === 0 || height === 0) throw corrupt('the WebP declares a side of zero pixels')
  return { width, height, hasAlpha: false }
}

async function metadataOf(source: ByteSource, chunk: Chunk): Promise<MetadataBlock> {
  if (chunk.length > maxMetadataBytes) throw tooLarge('the WebP holds too large a chunk of metadata')
  const unit = { start: chunk.start - 8, length: chunk.next - chunk.start + 8 }
  if (chunk.type === 'XMP ')
    return { kind: 'xmp', spans: [{ start: chunk.start, length: chunk.length }], unit }
  // Some programs keep the prefix that EXIF has in a JPEG.
  const head = await source.read(chunk.start, Math.min(6, chunk.length))
  const skip = head.toString('latin1') === 'Exif\0\0' ? 6 : 0
  return { kind: 'exif', spans: [{ start: chunk.start + skip, length: chunk.length - skip }], unit }
}
