import type { ByteSource, Span } from '../byte-source.ts'
import { corrupt, tooLarge } from '../errors.ts'
import { maxMetadataBytes, type MetadataBlock, type Structure } from '../facts.ts'
import { BoxReader, type Box } from './boxes.ts'
import { readAvifMeta, type AvifMeta, type Item } from './avif-meta.ts'

/** A file has about four boxes at its top, and a `meta` box of some hundred bytes. */
const maxTopBoxes = 1_000
const maxMetaBytes = 1024 ** 2

type Picture = {
  width: number
  height: number
  bitDepth: number
  channels: number
  hasAlpha: boolean
}

/** Walks over the boxes of an AVIF and reads what its `meta` box says about the primary picture. */
export async function walkAvif(source: ByteSource): Promise<Structure> {
  const { meta: box, end } = await topLevel(source)
  if (box.length > maxMetaBytes) throw tooLarge('the AVIF holds too much structure')
  // The box begins with its version and flags.
  const start = box.start + 4
  const content = await source.copy([{ start, length: box.length - 4 }])
  const meta = readAvifMeta(content, start)

  for (const item of meta.items.values()) {
    for (const span of item.spans) {
      if (span.start + span.length > source.sizeBytes) throw corrupt('the AVIF ends before its picture data')
    }
  }
  const primary = meta.items.get(meta.primary)
  if (!primary) throw corrupt('the AVIF does not say which picture it shows')
  const metadata = await metadataOf(source, meta)
  return { ...describe(content, meta, primary), interlaced: false, frames: 1, durationMs: 0, end, metadata }
}

/** Every box at the top must lie within the file; what does not even look like one is trailing. */
async function topLevel(source: ByteSource): Promise<{ meta: Span; end: number }> {
  let meta: Span | null = null
  let position = 0
  for (let boxes = 0; position < source.sizeBytes; boxes++) {
    const head = await source.read(position, 16)
    if (head.length < 8 || boxes > maxTopBoxes) break
    const type = head.toString('latin1', 4, 8)
    if (meta && !/^[\x20-\x7e]{4}$/.test(type)) break
    const [size, header] = boxSize(head, source.sizeBytes - position)
    if (size < header || position + size > source.sizeBytes) throw corrupt('the AVIF ends inside a box')
    if (type === 'meta') meta ??= { start: position + header, length: size - header }
    position += size
  }
  if (!meta || meta.length < 4) throw corrupt('the AVIF does not say where its picture is')
  return { meta, end: position }
}

function boxSize(head: Buffer, left: number): [size: number, header: number] {
  const size = head.readUInt32BE(0)
  if (size === 0) return [left, 8]
  if (size !== 1) return [size, 8]
  return head.length < 16 ? [0, 16] : [Number(head.readBigUInt64BE(8)), 16]
}

/** Sides as decoders show them: cropped and turned as the primary item's properties say, in their order. */
function describe(buffer: Buffer, { items, properties }: AvifMeta, primary: Item): Picture {
  let size = { width: 0, height: 0 }
  let bits: number[] = []
  let coded = 8
  for (const number of primary.properties) {
    const box = properties[number]
    if (!box) throw corrupt('the AVIF names a property that it lacks')
    const reader = new BoxReader(buffer, box)
    if (box.type === 'ispe') size = readSize(reader)
    else if (box.type === 'pixi') bits = readBits(reader)
    else if (box.type === 'av1C') coded = readCodedDepth(reader)
    else if (box.type === 'clap') size = readCrop(reader, size)
    else if (box.type === 'irot' && reader.uint(1) & 1) size = { width: size.height, height: size.width }
  }
  if (size.width === 0 || size.height === 0) throw corrupt('the AVIF declares a side of zero pixels')

  const hasAlpha = [...items.values()].some((item) =>
    item.properties.some((number) => isAlpha(buffer, properties[number])),
  )
  const channels = (bits.length || 3) + (hasAlpha ? 1 : 0)
  return { ...size, bitDepth: Math.max(coded, ...bits), channels, hasAlpha }
}

function readSize(reader: BoxReader): { width: number; height: number } {
  reader.uint(4)
  return { width: reader.uint(4), height: reader.uint(4) }
}

function readBits(reader: BoxReader): number[] {
  reader.uint(4)
  const channels = reader.uint(1)
  if (channels > 4) throw corrupt('the AVIF declares too many channels')
  return Array.from({ length: channels }, () => reader.uint(1))
}

/** AV1 codec configuration: bit 6 of the third byte is `high_bitdepth`, bit 5 `twelve_bit`. */
function readCodedDepth(reader: BoxReader): number {
  const flags = reader.uint(3) & 0xff
  if ((flags & 0x40) === 0) return 8
  return flags & 0x20 ? 12 : 10
}

function readCrop(
  reader: BoxReader,
  size: { width: number; height: number },
): { width: number; height: number } {
  const [width, widthBy, height, heightBy] = [reader.uint(4), reader.uint(4), reader.uint(4), reader.uint(4)]
  if (widthBy === 0 || heightBy === 0) throw corrupt('the AVIF declares an impossible crop')
  return {
    width: Math.min(size.width, Math.round(width / widthBy)),
    height: Math.min(size.height, Math.round(height / heightBy)),
  }
}

function isAlpha(buffer: Buffer, box: Box | null | undefined): boolean {
  return (
    box?.type === 'auxC' &&
    /alpha/.test(buffer.toString('latin1', box.start, Math.min(box.end, box.start + 100)))
  )
}

async function metadataOf(source: ByteSource, { items }: AvifMeta): Promise<MetadataBlock[]> {
  const found = [...items.values()].filter(
    ({ type, contentType }) => type === 'Exif' || (type === 'mime' && contentType === 'application/rdf+xml'),
  )
  // Items may share their bytes, so the file's size bounds nothing here.
  if (lengthOf(found.flatMap(({ spans }) => spans)) > maxMetadataBytes) {
    throw tooLarge('the AVIF holds too much metadata')
  }
  const blocks: MetadataBlock[] = []
  for (const { type, spans } of found) {
    if (type === 'Exif') blocks.push({ kind: 'exif', spans: await spansOfTiff(source, spans), unit: null })
    else blocks.push({ kind: 'xmp', spans, unit: null })
  }
  return blocks
}

/** HEIF, "Exif data": four bytes say how far behind them the TIFF structure begins. */
async function spansOfTiff(source: ByteSource, spans: Span[]): Promise<Span[]> {
  const head = (await source.copy(spans)).subarray(0, 4)
  return skipBytes(spans, head.length === 4 ? 4 + head.readUInt32BE(0) : 4)
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { length }) => sum + length, 0)
}

function skipBytes(spans: Span[], bytes: number): Span[] {
  let left = bytes
  return spans.flatMap(({ start, length }) => {
    const skipped = Math.min(left, length)
    left -= skipped
    return skipped === length ? [] : [{ start: start + skipped, length: length - skipped }]
  })
}
