import { crc32 } from 'node:zlib'
import type { ByteSource } from '../byte-source.ts'
import { corrupt, tooLarge } from '../errors.ts'
import { maxMetadataBlocks, maxMetadataBytes, type MetadataBlock, type Structure } from '../facts.ts'

/** Picture data may come in pieces of a few kilobytes each, so this bound is far above that of metadata. */
const maxChunks = 100_000

/** PNG specification, "IHDR Image header": colour type -> bit depths it may have. */
const depths = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])
const channelsOfType = new Map([
  [0, 1],
  [2, 3],
  [3, 3],
  [4, 2],
  [6, 4],
])

/** Text that other programs hide whole EXIF, XMP or IPTC blocks in, hex coded and mostly deflated. */
const rawProfile = /^Raw profile type (exif|app1|xmp|iptc|8bim)$/i

type Chunk = { type: string; start: number; length: number; end: number }
type Header = { width: number; height: number; bitDepth: number; colourType: number; interlaced: boolean }
type Progress = {
  palette: boolean
  transparency: boolean
  data: 'before' | 'inside' | 'behind'
  chunks: number
  ancillary: number
}

/**
 * Walks over every chunk of a PNG: lengths, checksums, order, legal header. Nothing is inflated.
 *
 * @throws MediaError `corrupt`, or `too_large` when it holds too many or too large chunks of metadata.
 */
export async function walkPng(source: ByteSource): Promise<Structure> {
  const first = await readChunk(source, 8)
  if (first.type !== 'IHDR' || first.length !== 13) throw corrupt('the PNG does not begin with an IHDR chunk')
  const header = readHeader(await source.read(first.start, 13))

  const progress: Progress = { palette: false, transparency: false, data: 'before', chunks: 0, ancillary: 0 }
  const metadata: MetadataBlock[] = []
  let chunk = first
  while (chunk.type !== 'IEND') {
    chunk = await readChunk(source, chunk.end)
    checkOrder(chunk, header, progress)
    const block = await metadataOf(source, chunk)
    if (block) metadata.push(block)
  }
  if (progress.data === 'before') throw corrupt('the PNG holds no picture data')

  const { width, height, bitDepth, colourType, interlaced } = header
  const hasAlpha = colourType >= 4 || progress.transparency
  const channels = (channelsOfType.get(colourType) ?? 4) + (progress.transparency ? 1 : 0)
  const still = { frames: 1, durationMs: 0, end: chunk.end, metadata }
  return { width, height, bitDepth, channels, hasAlpha, interlaced, ...still }
}

/** Reads one chunk's name and checks its length and checksum. */
async function readChunk(source: ByteSource, position: number): Promise<Chunk> {
  const head = await source.read(position, 8)
  if (head.length < 8) throw corrupt('the PNG ends before its IEND chunk')
  const length = head.readUInt32BE(0)
  const type = head.toString('latin1', 4, 8)
  if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt('the PNG holds a chunk without a proper name')

  const start = position + 8
  const end = start + length + 4
  if (end > source.sizeBytes) throw corrupt('the PNG ends before its IEND chunk')

  let sum = crc32(head.subarray(4, 8))
  for (let at = start; at < end - 4;) {
    const run = await source.run(at)
    if (run.length === 0) throw corrupt('the PNG ends before its IEND chunk')
    const piece = run.subarray(0, end - 4 - at)
    sum = crc32(piece, sum)
    at += piece.length
  }
  const stored = await source.read(end - 4, 4)
  if (stored.length < 4 || stored.readUInt32BE(0) !== sum) throw corrupt(`the PNG's ${type} chunk is damaged`)
  return { type, start, length, end }
}

function readHeader(bytes: Buffer): Header {
  const width = bytes.readUInt32BE(0)
  const height = bytes.readUInt32BE(4)
  const [bitDepth = 0, colourType = 0, compression, filter, interlace = 0] = bytes.subarray(8)
  if (width === 0 || height === 0) throw corrupt('the PNG declares a side of zero pixels')
  if (width > 0x7fffffff || height > 0x7fffffff) throw corrupt('the PNG declares an impossible side')
  if (!depths.get(colourType)?.includes(bitDepth))
    throw corrupt('the PNG declares an impossible kind of pixel')
  if (compression !== 0 || filter !== 0 || interlace > 1) throw corrupt('the PNG declares an unknown coding')
  return { width, height, bitDepth, colourType, interlaced: interlace === 1 }
}

/** PNG specification, "Chunk ordering", as far as decoders depend on it. */
function checkOrder(chunk: Chunk, header: Header, progress: Progress): void {
  if (++progress.chunks > maxChunks) throw tooLarge('the PNG is cut into too many chunks')
  if (chunk.type !== 'IDAT' && progress.data === 'inside') progress.data = 'behind'
  switch (chunk.type) {
    case 'IHDR':
      throw corrupt('the PNG holds two IHDR chunks')
    case 'PLTE':
      checkPalette(chunk, header, progress)
      progress.palette = true
      return
    case 'IDAT':
      if (progress.data === 'behind') throw corrupt("the PNG's IDAT chunks are not consecutive")
      if (header.colourType === 3 && !progress.palette) throw corrupt('the PNG lacks its palette')
      progress.data = 'inside'
      return
    case 'IEND':
    case 'fcTL':
    case 'fdAT':
      return
    case 'tRNS':
      if (progress.data === 'before' && header.colourType < 4) progress.transparency = true
      break
    default:
      // A capital first letter means that a decoder which does not know the chunk must give up.
      if (/^[A-Z]/.test(chunk.type)) throw corrupt('the PNG needs a chunk that nobody knows')
  }
  if (++progress.ancillary > maxMetadataBlocks) {
    throw tooLarge(`the PNG holds more than ${maxMetadataBlocks} chunks of metadata`)
  }
  if (chunk.length > maxMetadataBytes) throw tooLarge('the PNG holds too large a chunk of metadata')
}

function checkPalette(chunk: Chunk, header: Header, progress: Progress): void {
  const legal =
    !progress.palette &&
    progress.data === 'before' &&
    header.colourType !== 0 &&
    header.colourType !== 4 &&
    chunk.length > 0 &&
    chunk.length <= 768 &&
    chunk.length % 3 === 0
  if (!legal) throw corrupt("the PNG's palette is damaged")
}

async function metadataOf(source: ByteSource, chunk: Chunk): Promise<MetadataBlock | null> {
  const unit = { start: chunk.start - 8, length: chunk.length + 12 }
  const whole = { start: chunk.start, length: chunk.length }
  if (chunk.type === 'eXIf') return { kind: 'exif', spans: [whole], unit }
  if (chunk.type !== 'tEXt' && chunk.type !== 'zTXt' && chunk.type !== 'iTXt') return null

  const head = await source.read(chunk.start, Math.min(chunk.length, 256))
  const keyword = head.toString('latin1', 0, Math.max(0, head.indexOf(0)))
  if (rawProfile.test(keyword)) return { kind: 'opaque', spans: [whole], unit }
  if (chunk.type === 'zTXt')
    return keyword === 'XML:com.adobe.xmp' ? { kind: 'opaque', spans: [whole], unit } : null
  const deflated = chunk.type === 'iTXt' && head[keyword.length + 1] === 1
  // Any plain text may be a position in words or in XML; only what says so is taken out.
  return { kind: deflated ? 'opaque' : 'xmp', spans: [whole], unit }
}
