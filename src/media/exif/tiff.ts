/** One entry of a TIFF directory; `at` is where its twelve bytes stand. */
export type Entry = { at: number; tag: number; type: number; count: number; value: number }

/** A TIFF directory as far as it lies inside its block: a count beyond the end is cut down to what is there. */
export type Directory = { offset: number; declared: number; entries: Entry[]; next: number }

export type Tiff = { bytes: Buffer; isLittle: boolean }

/** TIFF 6.0, "IFD Entry": bytes per value of types 1 to 12; EXIF 3 adds UTF-8 as 129. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

/** Null when the block does not begin like a TIFF structure. */
export function openTiff(bytes: Buffer): Tiff | null {
  if (bytes.length < 8) return null
  const head = bytes.toString('latin1', 0, 4)
  if (head === 'II*\0') return { bytes, isLittle: true }
  return head === 'MM\0*' ? { bytes, isLittle: false } : null
}

export function readU16({ bytes, isLittle }: Tiff, at: number): number {
  return isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
}

export function readU32({ bytes, isLittle }: Tiff, at: number): number {
  return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
}

export function writeU16({ bytes, isLittle }: Tiff, value: number, at: number): void {
  if (isLittle) bytes.writeUInt16LE(value, at)
  else bytes.writeUInt16BE(value, at)
}

/** Null when not even the number of entries lies inside the block. */
export function readDirectory(tiff: Tiff, offset: number): Directory | null {
  const { bytes } = tiff
  if (offset < 8 || offset + 2 > bytes.length) return null
  const declared = readU16(tiff, offset)
  const present = Math.min(declared, Math.floor((bytes.length - offset - 2) / 12))
  const entries: Entry[] = []
  for (let index = 0; index < present; index++) {
    const at = offset + 2 + index * 12
    const [tag, type] = [readU16(tiff, at), readU16(tiff, at + 2)]
    entries.push({ at, tag, type, count: readU32(tiff, at + 4), value: readU32(tiff, at + 8) })
  }
  const end = offset + 2 + present * 12
  const next = present === declared && end + 4 <= bytes.length ? readU32(tiff, end) : 0
  return { offset, declared, entries, next }
}

/** How many bytes an entry's values take; up to four stand in the entry itself. */
export function valueBytes({ type, count }: Entry): number {
  return (typeBytes[type] ?? 1) * count
}

/** EXIF orientation (tag 0x0112 of the first directory), 1 to 8; 1 when it is missing or makes no sense. */
export function orientationOf(block: Buffer): number {
  const tiff = openTiff(block)
  const directory = tiff && readDirectory(tiff, readU32(tiff, 4))
  const entry = directory?.entries.find(({ tag }) => tag === 0x0112)
  if (!tiff || !entry || entry.count !== 1) return 1
  const value = entry.type === 3 ? readU16(tiff, entry.at + 8) : entry.value
  return value >= 1 && value <= 8 ? value : 1
}
