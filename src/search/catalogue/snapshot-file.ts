import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'

/**
 * One file of named arrays: a magic text, the arrays (each starting at a multiple of 8), a description of them in JSON,
 * and a tail that says where the description is. Everything is checked by CRC-32 when read.
 */

const MAGIC = Buffer.from('VTRNCAT1')
/** Offset and length of the description (64 bits each), its checksum and a checksum of these (32 bits each). */
const TAIL = 24
const LARGEST_READ = 2 ** 28

export type Numbers = Uint8Array | Int8Array | Int16Array | Int32Array | Uint32Array | Float64Array

interface Section {
  offset: number
  /** Bytes. */
  length: number
  crc: number
}

interface Description {
  about: unknown
  sections: Record<string, Section>
}

/** Why a file was not read. Whoever asked makes a new one. */
export class UnreadableSnapshot extends Error {
  override readonly name = 'UnreadableSnapshot'
}

export interface SectionWriter {
  /** Writes one array, given in pieces. */
  write: (name: string, pieces: Iterable<Numbers>) => void
}

/**
 * Writes a file, all or nothing: it appears under its name when it is complete and on disk.
 *
 * @param about Anything JSON can hold.
 */
export function writeSections(path: string, about: unknown, give: (to: SectionWriter) => void): void {
  const part = `${path}.part`
  const file = openSync(part, 'w', 0o600)
  try {
    let offset = writeAll(file, MAGIC)
    const sections: Record<string, Section> = {}
    const write = (name: string, pieces: Iterable<Numbers>) => {
      const start = offset
      let crc = 0
      for (const piece of pieces) {
        const bytes = bytesOf(piece)
        crc = crc32(bytes, crc)
        offset += writeAll(file, bytes)
      }
      sections[name] = { offset: start, length: offset - start, crc }
      offset += writeAll(file, Buffer.alloc((8 - (offset % 8)) % 8))
    }
    give({ write })

    const description = Buffer.from(JSON.stringify({ about, sections } satisfies Description))
    writeAll(file, description)
    const tail = Buffer.alloc(TAIL)
    tail.writeDoubleLE(offset, 0)
    tail.writeDoubleLE(description.length, 8)
    tail.writeUInt32LE(crc32(description), 16)
    tail.writeUInt32LE(crc32(tail.subarray(0, 20)), 20)
    writeAll(file, tail)
    fsyncSync(file)
  } catch (error) {
    closeSync(file)
    rmSync(part, { force: true })
    throw error
  }
  closeSync(file)
  renameSync(part, path)
  syncFolder(dirname(path))
}

export interface SectionReader {
  about: unknown
  /** An array by name; a view of the file in memory. Empty if there is none. */
  bytes: (name: string) => Uint8Array
  ints8: (name: string) => Int8Array
  ints16: (name: string) => Int16Array
  ints: (name: string) => Int32Array
  wholes: (name: string) => Uint32Array
  doubles: (name: string) => Float64Array
}

/** Reads and checks a whole file. @throws UnreadableSnapshot if it is missing, cut off or damaged. */
export function readSections(path: string): SectionReader {
  const memory = readWhole(path)
  const { about, sections } = describe(memory)
  for (const [name, { offset, length, crc }] of Object.entries(sections)) {
    if (crc32(memory.subarray(offset, offset + length)) !== crc)
      throw new UnreadableSnapshot(`${name} is damaged`)
  }
  const { buffer } = memory
  const place = (name: string): [ArrayBuffer, number, number] => {
    const { offset, length } = sections[name] ?? { offset: 0, length: 0 }
    return [buffer, offset, length]
  }
  const view = <T>(
    name: string,
    size: number,
    make: (buffer: ArrayBuffer, at: number, count: number) => T,
  ) => {
    const [memory, offset, length] = place(name)
    return make(memory, offset, length / size)
  }
  return {
    about,
    bytes: (name) => view(name, 1, (...at) => new Uint8Array(...at)),
    ints8: (name) => view(name, 1, (...at) => new Int8Array(...at)),
    ints16: (name) => view(name, 2, (...at) => new Int16Array(...at)),
    ints: (name) => view(name, 4, (...at) => new Int32Array(...at)),
    wholes: (name) => view(name, 4, (...at) => new Uint32Array(...at)),
    doubles: (name) => view(name, 8, (...at) => new Float64Array(...at)),
  }
}

function readWhole(path: string): Uint8Array<ArrayBuffer> {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    throw new UnreadableSnapshot('there is none')
  }
  try {
    const { size } = fstatSync(file)
    const memory = new Uint8Array(new ArrayBuffer(size))
    for (let at = 0; at < size;) {
      const read = readSync(file, memory, at, Math.min(LARGEST_READ, size - at), at)
      if (read === 0) throw new UnreadableSnapshot('it is cut off')
      at += read
    }
    return memory
  } finally {
    closeSync(file)
  }
}

function describe(memory: Uint8Array): Description {
  const size = memory.length
  const tail = Buffer.from(memory.buffer, Math.max(0, size - TAIL), Math.min(TAIL, size))
  if (size < MAGIC.length + TAIL || MAGIC.compare(memory, 0, MAGIC.length) !== 0) {
    throw new UnreadableSnapshot('it is no snapshot of this kind')
  }
  if (tail.readUInt32LE(20) !== crc32(tail.subarray(0, 20))) throw new UnreadableSnapshot('it is cut off')
  const offset = tail.readDoubleLE(0)
  const text = Buffer.from(memory.buffer, offset, tail.readDoubleLE(8))
  if (crc32(text) !== tail.readUInt32LE(16)) throw new UnreadableSnapshot('its description is damaged')
  const description: unknown = JSON.parse(text.toString())
  if (!isDescription(description)) throw new UnreadableSnapshot('its description is another')
  return description
}

/** Its checksum has shown that it is as it was written; this asks whether it was written like this. */
function isDescription(value: unknown): value is Description {
  return typeof value === 'object' && value !== null && 'about' in value && 'sections' in value
}

function bytesOf(array: Numbers): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Returns how many bytes there were. */
function writeAll(file: number, bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;)
    at += writeSync(file, bytes, at, Math.min(LARGEST_READ, bytes.length - at))
  return bytes.length
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}
