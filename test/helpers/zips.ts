import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a ZIP archive that a test makes; what is left out is as a well-behaved program writes it. */
export interface ZipPart {
  name: string
  bytes: Buffer | string
  /** 0 for bytes as they are, 8 for deflated ones. */
  method?: number
  flags?: number
  /** Whether `bytes` are deflated already. */
  isPacked?: boolean
  /** Sizes and sums that are not true. */
  sizeBytes?: number
  packedBytes?: number
  sum?: number
  /** Of the file, as Unix has it. */
  mode?: number
  /** Of the local header; for entries that share their bytes. */
  offset?: number
}

/** A ZIP archive (APPNOTE.TXT, "Overall .ZIP file format"). */
export function zipOf(parts: readonly ZipPart[], stated: { entries?: number } = {}): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let position = 0
  for (const part of parts) {
    const file = localFile(part)
    directory.push(directoryEntry(part, part.offset ?? position))
    if (part.offset !== undefined) continue
    files.push(file)
    position += file.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(stated.entries ?? parts.length, 8)
  end.writeUInt16LE(stated.entries ?? parts.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(position, 16)
  return Buffer.concat([...files, entries, end])
}

/** Names and texts, deflated. */
export function zipOfTexts(texts: Record<string, Buffer | string>): Buffer {
  return zipOf(Object.entries(texts).map(([name, bytes]) => ({ name, bytes })))
}

const packed = ({ bytes, method = 8, isPacked = false }: ZipPart) =>
  method === 8 && !isPacked ? deflateRawSync(bytes) : Buffer.from(bytes)

/** What both headers say of an entry, in the same order. */
function facts(part: ZipPart): Buffer {
  const { name, bytes, method = 8, flags = 0x800 } = part
  const head = Buffer.alloc(26)
  head.writeUInt16LE(20, 0)
  head.writeUInt16LE(flags, 2)
  head.writeUInt16LE(method, 4)
  head.writeUInt32LE(0x21 << 16, 6)
  head.writeUInt32LE(part.sum ?? crc32(bytes), 10)
  head.writeUInt32LE(part.packedBytes ?? packed(part).length, 14)
  head.writeUInt32LE(part.sizeBytes ?? Buffer.byteLength(bytes), 18)
  head.writeUInt16LE(Buffer.byteLength(name), 22)
  return head
}

function localFile(part: ZipPart): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), facts(part), Buffer.from(part.name), packed(part)])
}

function directoryEntry(part: ZipPart, offset: number): Buffer {
  const end = Buffer.alloc(14)
  end.writeUInt32LE(((part.mode ?? 0o100644) << 16) >>> 0, 6)
  end.writeUInt32LE(offset, 10)
  const madeBy = Buffer.from([20, 3])
  return Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, facts(part), end, Buffer.from(part.name)])
}
