import {
  openTiff,
  readDirectory,
  readU16,
  readU32,
  valueBytes,
  writeU16,
  type Directory,
  type Entry,
  type Tiff,
} from './tiff.ts'

const tagGps = 0x8825
const tagSubDirectories = 0x014a
/** EXIF 2.32, "Exif-specific IFD"; the interoperability directory; the SubIFDs of TIFF/EP. */
const pointerTags = new Set([0x8769, 0xa005, tagSubDirectories])
/** Cameras write about five directories of some dozens of entries. */
const maxDirectories = 64
const maxEntries = 1_000

/** `unreadable`: it is not TIFF, or so contorted that nobody can say what it holds. */
export type StripVerdict = { verdict: 'clean' | 'unreadable' } | { verdict: 'patched'; block: Buffer }

/**
 * Takes the GPS directory out of an EXIF block: the entry that points to it goes, wherever it is, and its bytes
 * and values become zero. Everything else keeps its place, so the block keeps its length.
 */
export function stripGps(block: Buffer): StripVerdict {
  const copy = openTiff(Buffer.from(block))
  const directories = copy && readDirectories(copy)
  if (!copy || !directories) return { verdict: 'unreadable' }
  const holders = directories.filter(holdsGps)
  if (holders.length === 0) return { verdict: 'clean' }

  for (const { entries } of holders) {
    for (const entry of entries) if (entry.tag === tagGps) zeroDirectory(copy, pointedTo(copy, entry))
  }
  for (const holder of holders) rewriteWithoutGps(copy, block, holder)
  // In a crafted block directories may overlap, and mending one may spoil another.
  const left = readDirectories(copy)
  return !left || left.some(holdsGps) ? { verdict: 'unreadable' } : { verdict: 'patched', block: copy.bytes }
}

function holdsGps({ entries }: Directory): boolean {
  return entries.some(({ tag }) => tag === tagGps)
}

/** Every directory that can be reached, each once; null when there are too many or one is too long. */
function readDirectories(tiff: Tiff): Directory[] | null {
  const found = new Map<number, Directory>()
  const pending = [readU32(tiff, 4)]
  for (let offset = pending.pop(); offset !== undefined; offset = pending.pop()) {
    const directory = found.has(offset) ? null : readDirectory(tiff, offset)
    if (!directory) continue
    if (found.size >= maxDirectories || directory.declared > maxEntries) return null
    found.set(offset, directory)
    pending.push(directory.next)
    for (const entry of directory.entries) {
      if (entry.tag === tagSubDirectories && entry.count > 1) pending.push(...manyPointedTo(tiff, entry))
      else if (pointerTags.has(entry.tag)) pending.push(pointedTo(tiff, entry))
    }
  }
  return [...found.values()]
}

function pointedTo(tiff: Tiff, { at, type, value }: Entry): number {
  return type === 3 ? readU16(tiff, at + 8) : value
}

function manyPointedTo(tiff: Tiff, { value, count }: Entry): number[] {
  const fitting = Math.max(0, Math.floor((tiff.bytes.length - value) / 4))
  return Array.from({ length: Math.min(count, fitting, maxDirectories) }, (_, index) =>
    readU32(tiff, value + index * 4),
  )
}

function zeroDirectory(tiff: Tiff, offset: number): void {
  const { bytes } = tiff
  const directory = readDirectory(tiff, offset)
  if (!directory) return
  for (const entry of directory.entries) {
    // Values that claim to reach beyond the block are cleared as far as it goes, but never the TIFF header.
    const size = valueBytes(entry)
    if (size > 4 && entry.value >= 8 && entry.value < bytes.length) {
      bytes.fill(0, entry.value, Math.min(bytes.length, entry.value + size))
    }
  }
  bytes.fill(0, offset, Math.min(bytes.length, offset + 2 + directory.entries.length * 12 + 4))
}

/** Writes a directory again from the original bytes: the other entries move up and zeros take the room. */
function rewriteWithoutGps(tiff: Tiff, original: Buffer, { offset, declared, entries }: Directory): void {
  const kept = entries.filter(({ tag }) => tag !== tagGps)
  const end = offset + 2 + entries.length * 12
  const next = declared === entries.length ? original.subarray(end, end + 4) : Buffer.alloc(0)
  const parts = kept.map(({ at }) => original.subarray(at, at + 12))
  const body = Buffer.concat([...parts, next, Buffer.alloc((entries.length - kept.length) * 12)])
  writeU16(tiff, kept.length, offset)
  body.copy(tiff.bytes, offset + 2)
}
