import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { openBytes, windowBytes, type ByteSource, type Span } from './byte-source.ts'
import { MediaError } from './errors.ts'
import { stripGps } from './exif/strip-gps.ts'
import type { ExaminedPicture, MetadataBlock, PictureFormat, Structure } from './facts.ts'
import { walkJpeg } from './inspect/jpeg.ts'

type Patch = { position: number; bytes: Buffer }
/** What to leave out of a copy, in order and apart from each other, and what to overwrite in it. */
type Plan = { cuts: Span[]; patches: Patch[] }

/** Words under which XMP (exif, photoshop, Iptc4xmpCore, Iptc4xmpExt, geo) says where a picture was taken. */
const locationWords =
  /gps|LocationCreated|LocationShown|Iptc4xmpCore:Location|photoshop:(City|State|Country)|geo:(lat|long)/i
/** IPTC IIM record 2: city, sublocation, province, country code and name, content location code and name. */
const iptcDatasets = [90, 92, 95, 100, 101, 26, 27].map((dataset) => Buffer.from([0x1c, 2, dataset]))
const maxPicturesInFile = 16

/**
 * A picture without the place where it was taken; every byte of picture data stays the same. EXIF loses its GPS
 * directory and keeps the rest. XMP and IPTC blocks that name a place are left out whole, as are blocks that cannot be
 * read without inflating them or at all, and whatever is appended behind the picture (phones put films and further
 * pictures there, with their own positions); further pictures of a JPEG are kept and treated alike.
 *
 * @returns The bytes, never more than the file has; the file is opened when they are first asked for. Null when there
 *   is nothing to take out.
 */
export async function withoutLocation({
  path,
  judged,
  structure,
}: ExaminedPicture): Promise<Readable | null> {
  const source = await openBytes(path)
  try {
    const plan = await planCopy(source, judged.facts.format, structure)
    if (plan.cuts.length === 0 && plan.patches.length === 0) return null
    return Readable.from(copyOf(path, plan, source.sizeBytes))
  } finally {
    await source.close()
  }
}

async function planCopy(source: ByteSource, format: PictureFormat, first: Structure): Promise<Plan> {
  const plan: Plan = { cuts: [], patches: [] }
  const pictures = [first]
  if (format === 'jpeg') pictures.push(...(await furtherPictures(source, first.end)))
  for (const picture of pictures) await planPicture(source, format, picture, plan)

  const end = pictures.at(-1)?.end ?? source.sizeBytes
  if (format === 'webp' && plan.cuts.length > 0) plan.patches.push(...(await patchRiff(source, end, plan)))
  if (end < source.sizeBytes) plan.cuts.push({ start: end, length: source.sizeBytes - end })
  return plan
}

/** Gain maps and previews stand behind the first picture of a JPEG as pictures of their own. */
async function furtherPictures(source: ByteSource, from: number): Promise<Structure[]> {
  const pictures: Structure[] = []
  let position = from
  try {
    while (pictures.length < maxPicturesInFile) {
      const head = await source.read(position, 3)
      if (head.length < 3 || head.readUIntBE(0, 3) !== 0xffd8ff) break
      const picture = await walkJpeg(source, position)
      pictures.push(picture)
      position = picture.end
    }
  } catch (error) {
    if (!(error instanceof MediaError)) throw error
  }
  return pictures
}

async function planPicture(
  source: ByteSource,
  format: PictureFormat,
  { metadata }: Structure,
  plan: Plan,
): Promise<void> {
  const naming = new Set<MetadataBlock>()
  for (const block of metadata) {
    const content = block.kind === 'opaque' ? null : await source.copy(block.spans)
    if (block.kind !== 'exif') {
      if (!content || namesPlace(block, content)) naming.add(block)
      continue
    }
    const stripped = stripGps(content ?? Buffer.alloc(0))
    if (stripped.verdict === 'unreadable') naming.add(block)
    else if (stripped.verdict === 'patched') plan.patches.push(...overwrite(block, stripped.block, format))
  }
  // The parts of a long XMP block in a JPEG belong together.
  const allXmp = format === 'jpeg' && [...naming].some(({ kind }) => kind === 'xmp')
  for (const block of metadata) {
    if (naming.has(block) || (allXmp && block.kind === 'xmp')) leaveOut(block, plan)
  }
}

function namesPlace({ kind }: MetadataBlock, content: Buffer): boolean {
  if (kind === 'iptc') return iptcDatasets.some((dataset) => content.includes(dataset))
  return locationWords.test(content.toString('latin1').replaceAll('\0', ''))
}

function leaveOut(block: MetadataBlock, plan: Plan): void {
  if (block.unit) plan.cuts.push(block.unit)
  // Positions inside an AVIF are absolute, so nothing may move: spaces, which are nothing in XMP or TIFF.
  else
    for (const { start, length } of block.spans)
      plan.patches.push({ position: start, bytes: Buffer.alloc(length, ' ') })
}

function overwrite(block: MetadataBlock, content: Buffer, format: PictureFormat): Patch[] {
  const patches: Patch[] = []
  let done = 0
  for (const { start, length } of block.spans) {
    patches.push({ position: start, bytes: content.subarray(done, done + length) })
    done += length
  }
  if (format === 'png' && block.unit) {
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(content, crc32('eXIf')))
    patches.push({ position: block.unit.start + block.unit.length - 4, bytes: sum })
  }
  return patches
}

/** The size in the RIFF header, and the flags that say that EXIF (8) and XMP (4) are present. */
async function patchRiff(source: ByteSource, end: number, { cuts }: Plan): Promise<Patch[]> {
  const removed = cuts.reduce((sum, cut) => sum + cut.length, 0)
  const size = Buffer.alloc(4)
  // The last chunk's missing padding, if any, has been counted as if it were there.
  size.writeUInt32LE(Math.max(4, end - 8 - removed))
  const patches = [{ position: 4, bytes: size }]

  const head = Buffer.from(await source.read(12, 9))
  if (head.toString('latin1', 0, 4) !== 'VP8X') return patches
  let flags = head[8] ?? 0
  for (const { start } of cuts) {
    const type = (await source.read(start, 4)).toString('latin1')
    flags &= type === 'EXIF' ? ~8 : ~4
  }
  return [...patches, { position: 20, bytes: Buffer.from([flags]) }]
}

async function* copyOf(path: string, { cuts, patches }: Plan, sizeBytes: number): AsyncGenerator<Buffer> {
  const source = await openBytes(path)
  try {
    let position = 0
    for (const { start, length } of [...cuts, { start: sizeBytes, length: 0 }]) {
      yield* patched(source, { start: position, length: start - position }, patches)
      position = start + length
    }
  } finally {
    await source.close()
  }
}

/** A stretch of the file, overwritten where it is to be. */
async function* patched(source: ByteSource, { start, length }: Span, patches: readonly Patch[]) {
  const end = start + length
  for (let position = start; position < end;) {
    const piece = await source.copy([{ start: position, length: Math.min(windowBytes, end - position) }])
    if (piece.length === 0) throw new MediaError('corrupt', 'the file became shorter while it was read')
    const next = position + piece.length
    for (const { position: at, bytes } of patches) {
      if (at < next && at + bytes.length > position)
        bytes.copy(piece, Math.max(0, at - position), Math.max(0, position - at), next - at)
    }
    yield piece
    position = next
  }
}
