import type { ByteSource } from '../byte-source.ts'
import { corrupt } from '../errors.ts'
import { shownDelayMs, type MetadataBlock, type Structure } from '../facts.ts'

/** Screens of old graphics cards that broken programs wrote in place of the picture's own size. */
const screenSizes = new Set(['640x480', '640x512', '800x600', '1024x768', '1280x1024', '1600x1200'])

type Size = { width: number; height: number }
type Walk = {
  position: number
  frames: number
  durationMs: number
  delayMs: number
  transparent: boolean
  interlaced: boolean
  extent: Size
  metadata: MetadataBlock[]
}

/** Walks over the blocks of a GIF up to its trailer. */
export async function walkGif(source: ByteSource): Promise<Structure> {
  const head = await take(source, 0, 13)
  const declared = { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
  const walk: Walk = {
    position: 13 + tableBytes(head[10] ?? 0),
    frames: 0,
    durationMs: 0,
    delayMs: 0,
    transparent: false,
    interlaced: false,
    extent: canvasOf(declared),
    metadata: [],
  }
  for (;;) {
    const [kind] = await take(source, walk.position, 1)
    walk.position += 1
    if (kind === 0x3b) break
    if (kind === 0x2c) await readImage(source, walk)
    else if (kind === 0x21) await readExtension(source, walk)
    else throw corrupt('the GIF holds an unknown block')
  }
  if (walk.frames === 0) throw corrupt('the GIF holds no frame')

  return {
    ...walk.extent,
    bitDepth: 8,
    channels: walk.transparent ? 4 : 3,
    hasAlpha: walk.transparent,
    interlaced: walk.interlaced,
    frames: walk.frames,
    durationMs: walk.frames > 1 ? walk.durationMs : 0,
    end: walk.position,
    metadata: walk.metadata,
    declared,
  }
}

/**
 * The canvas our decoder starts from; frames that reach further enlarge it. It does not believe a screen that is
 * very large or the size of an old monitor, and then takes what the frames cover (libnsgif, `nsgif_data_scan`).
 */
function canvasOf({ width, height }: Size): Size {
  const believed =
    width > 0 && height > 0 && width <= 2048 && height <= 2048 && !screenSizes.has(`${width}x${height}`)
  return believed ? { width, height } : { width: 1, height: 1 }
}

async function readImage(source: ByteSource, walk: Walk): Promise<void> {
  const head = await take(source, walk.position, 10)
  const [left, top] = [head.readUInt16LE(0), head.readUInt16LE(2)]
  const [width, height] = [head.readUInt16LE(4), head.readUInt16LE(6)]
  const flags = head[8] ?? 0
  if (width === 0 || height === 0) throw corrupt('the GIF holds a frame with a side of zero pixels')
  if (flags & 0x40) walk.interlaced = true

  walk.extent.width = Math.max(walk.extent.width, left + width)
  walk.extent.height = Math.max(walk.extent.height, top + height)
  walk.frames += 1
  walk.durationMs += shownDelayMs(walk.delayMs)
  walk.delayMs = 0
  // A colour table, one byte for the width of codes, the data.
  await skipBlocks(source, walk, 9 + tableBytes(flags) + 1)
}

async function readExtension(source: ByteSource, walk: Walk): Promise<void> {
  const start = walk.position - 1
  const head = await take(source, walk.position, 2)
  const [label, length] = [head[0], head[1] ?? 0]
  const content = await take(source, walk.position + 2, length)
  if (label === 0xf9 && length >= 4) {
    walk.delayMs = content.readUInt16LE(1) * 10
    if ((content[0] ?? 0) & 1) walk.transparent = true
  }
  const isXmp = label === 0xff && content.toString('latin1') === 'XMP DataXMP'
  const from = walk.position + 2 + length
  await skipBlocks(source, walk, 1)
  if (isXmp) {
    const spans = [{ start: from, length: walk.position - from }]
    walk.metadata.push({ kind: 'xmp', spans, unit: { start, length: walk.position - start } })
  }
}

/** Steps over `ahead` bytes and the length-prefixed blocks behind them, up to and with the empty one. */
async function skipBlocks(source: ByteSource, walk: Walk, ahead: number): Promise<void> {
  walk.position += ahead
  for (;;) {
    const at = source.cached(walk.position, 1) ?? (await take(source, walk.position, 1))
    const length = at[0] ?? 0
    walk.position += 1 + length
    if (length === 0) return
  }
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * (2 << (flags & 7)) : 0
}

async function take(source: ByteSource, position: number, length: number): Promise<Buffer> {
  const bytes = await source.read(position, length)
  if (bytes.length < length) throw corrupt('the GIF ends before its trailer')
  return bytes
}
