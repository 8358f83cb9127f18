import type { ByteSource } from '../byte-source.ts'
import { corrupt, tooLarge, unsupported } from '../errors.ts'
import { maxMetadataBlocks, type MetadataBlock, type Structure } from '../facts.ts'

/** Each scan of a progressive picture goes over all of it; encoders write about ten. */
const maxScans = 100

const signatures: [MetadataBlock['kind'], number, string][] = [
  ['exif', 0xe1, 'Exif\0'],
  ['xmp', 0xe1, 'http://ns.adobe.com/xap/1.0/\0'],
  ['xmp', 0xe1, 'http://ns.adobe.com/xmp/extension/\0'],
  ['iptc', 0xed, 'Photoshop 3.0\0'],
]

type Frame = { width: number; height: number; channels: number; interlaced: boolean }
type Segment = { marker: number; start: number; length: number }

/**
 * Walks over the markers of a JPEG from SOI to EOI.
 *
 * @param from Where the SOI marker stands; further pictures may follow the first in one file.
 */
export async function walkJpeg(source: ByteSource, from = 0): Promise<Structure> {
  const metadata: MetadataBlock[] = []
  let frame: Frame | null = null
  let scans = 0
  let segments = 0
  let position = await nextMarker(source, from + 2)

  for (;;) {
    const segment = await readSegment(source, position)
    const { marker } = segment
    if (marker === 0xd9) break
    if (++segments > maxMetadataBlocks) throw tooLarge('the JPEG holds too many segments')
    if (isFrame(marker)) {
      if (frame) throw corrupt('the JPEG declares its sides twice')
      frame = readFrame(segment, await source.read(segment.start, 10))
    } else if (marker === 0xda) {
      if (!frame) throw corrupt('the JPEG holds picture data before its sides')
      if (++scans > maxScans) throw tooLarge(`the JPEG holds more than ${maxScans} scans`)
    } else {
      const block = await metadataOf(source, segment)
      if (block) metadata.push(block)
    }
    position = await nextMarker(source, segment.start + segment.length)
  }
  if (!frame || scans === 0) throw corrupt('the JPEG holds no picture data')
  const still = { hasAlpha: false, frames: 1, durationMs: 0, end: position + 2, metadata }
  return { ...frame, bitDepth: 8, ...still }
}

/**
 * The position of the next marker. Also steps over entropy-coded data (where FF is followed by 00 or a restart
 * marker) and over stray bytes between segments, which decoders only warn about.
 */
async function nextMarker(source: ByteSource, from: number): Promise<number> {
  let position = from
  for (;;) {
    const run = await source.run(position)
    if (run.length < 2) throw corrupt('the JPEG ends before its EOI marker')
    let at = run.indexOf(0xff)
    while (at !== -1 && at + 1 < run.length) {
      const marker = run[at + 1] ?? 0
      if (marker !== 0xff && marker > 0x01 && !(marker >= 0xd0 && marker <= 0xd7)) return position + at
      at = run.indexOf(0xff, at + 1)
    }
    // An FF at the very end of the window is looked at again together with its successor.
    position += at === -1 ? run.length : at
  }
}

async function readSegment(source: ByteSource, position: number): Promise<Segment> {
  const head = await source.read(position, 4)
  const marker = head[1] ?? 0
  if (marker === 0xd9) return { marker, start: position + 2, length: 0 }
  if (marker === 0xd8) throw corrupt('the JPEG begins a second time before it ends')
  if (head.length < 4) throw corrupt('the JPEG ends before its EOI marker')
  const length = head.readUInt16BE(2)
  if (length < 2) throw corrupt('the JPEG holds a damaged segment')
  if (position + 2 + length > source.sizeBytes) throw corrupt('the JPEG ends before its EOI marker')
  return { marker, start: position + 2, length }
}

/** SOF0 to SOF15; C4, C8 and CC are other things. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function readFrame({ marker, length }: Segment, bytes: Buffer): Frame {
  if (marker > 0xc2)
    throw unsupported('lossless, hierarchical and arithmetic-coded JPEG pictures are not accepted')
  const [precision = 0, components = 0] = [bytes[2], bytes[7]]
  if (length < 8 || length !== 8 + 3 * components) throw corrupt("the JPEG's frame header is damaged")
  if (precision !== 8) throw unsupported('JPEG pictures with other than 8 bits per channel are not accepted')
  if (components !== 1 && components !== 3 && components !== 4) {
    throw unsupported(`JPEG pictures of ${components} channels are not accepted`)
  }
  const height = bytes.readUInt16BE(3)
  const width = bytes.readUInt16BE(5)
  if (width === 0 || height === 0) throw corrupt('the JPEG declares a side of zero pixels')
  return { width, height, channels: components, interlaced: marker === 0xc2 }
}

async function metadataOf(
  source: ByteSource,
  { marker, start, length }: Segment,
): Promise<MetadataBlock | null> {
  if (marker !== 0xe1 && marker !== 0xed) return null
  const head = (await source.read(start + 2, Math.min(length - 2, 40))).toString('latin1')
  const found = signatures.find(([, of, text]) => of === marker && head.startsWith(text))
  if (!found) return null
  const [kind, , text] = found
  // Exif is padded to an even length before the TIFF structure begins.
  const skip = 2 + (kind === 'exif' ? Math.min(6, length - 2) : text.length)
  return {
    kind,
    spans: [{ start: start + skip, length: length - skip }],
    unit: { start: start - 2, length: length + 2 },
  }
}
