import { isUtf8 } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { crc32, createInflateRaw } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'

export interface ZipLimits {
  maxEntries: number
  /** Of one entry, unpacked. */
  maxEntryBytes: number
  /** Of all that is read from one opened archive, unpacked. */
  maxTotalBytes: number
}

export type ZipErrorKind = 'not_zip' | 'damaged' | 'encrypted' | 'unsupported' | 'too_large' | 'too_many'

/** An archive, or an entry of it, cannot be read. The message is safe to show people. */
export class ZipError extends Error {
  override readonly name = 'ZipError'
  readonly kind: ZipErrorKind

  constructor(kind: ZipErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export interface ZipEntry {
  /** As in the archive, with forward slashes, relative and without `..`. It names things; no file is made of it. */
  name: string
  /** Unpacked, as the archive says it; `open` fails when that is not true. */
  sizeBytes: number
  isFolder: boolean
}

/** An opened archive: its directory has been read, its entries have not. */
export interface Zip extends AsyncDisposable {
  entries: readonly ZipEntry[]
  /** Entries that are left out because of what they are called or are, with the reason as the end of a sentence. */
  refused: readonly { name: string; reason: string }[]
  /**
   * The bytes of an entry, unpacked. The stream fails with a ZipError when there are more of them than allowed, or
   * others than the archive says.
   *
   * @throws ZipError
   */
  open: (entry: ZipEntry) => Promise<Readable>
  /** Ends what is still being read. */
  close: () => Promise<void>
}

const longestName = 1_024
const windowBytes = 64 * 1024

/** Reads the directory of an archive. @throws ZipError; what the file system says of `path`. */
export async function openZip(path: string, limits: ZipLimits): Promise<Zip> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const file = await openFile(handle, size)
    if (file.entryCount > limits.maxEntries)
      throw new ZipError('too_many', 'there are too many files in the archive')
    const listing = await listEntries(file)
    return openedZip({ handle, file, listing, limits })
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openFile(handle: FileHandle, sizeBytes: number): Promise<ZipFile> {
  try {
    // Names stay bytes, so that one bad name does not spoil the archive.
    const options = { autoClose: false, decodeStrings: false }
    const file = await yauzl.fromRandomAccessReaderPromise(new Ranges(handle), sizeBytes, options)
    return file.on('error', () => undefined)
  } catch (error) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    if (bytesRead < 2 || buffer.toString('latin1') !== 'PK')
      throw new ZipError('not_zip', 'the file is no ZIP archive', { cause: error })
    throw asZipError(error)
  }
}

interface Listing {
  entries: ZipEntry[]
  refused: { name: string; reason: string }[]
  /** What the library knows of each entry. */
  found: Map<ZipEntry, Entry>
}

async function listEntries(file: ZipFile): Promise<Listing> {
  const listing: Listing = { entries: [], refused: [], found: new Map() }
  const names = new Set<string>()
  try {
    for await (const entry of file.eachEntry()) {
      const name = nameOf(entry)
      const reason = names.has(name) ? 'is there twice' : reasonAgainst(name, entry)
      if (reason === null) {
        const listed = { name, sizeBytes: entry.uncompressedSize, isFolder: name.endsWith('/') }
        listing.entries.push(listed)
        listing.found.set(listed, slim(entry))
        names.add(name)
      } else listing.refused.push({ name: name.slice(0, 200), reason })
    }
    return listing
  } catch (error) {
    throw asZipError(error)
  }
}

/** Many programs write UTF-8 without saying so. */
function nameOf({ generalPurposeBitFlag: flags, fileNameRaw: bytes, extraFields }: Entry): string {
  return yauzl.getFileNameLowLevel(isUtf8(bytes) ? flags | 0x800 : flags, bytes, extraFields, true)
}

const typeBits = 0o170000
const plainTypes = new Set([0, 0o100000, 0o040000])

function reasonAgainst(name: string, { externalFileAttributes }: Entry): string | null {
  if (name === '' || /\p{Cc}/u.test(name)) return 'has no proper name'
  if (name.length > longestName) return 'has too long a name'
  if (name.includes('\\') || /^(\/|[a-z]:)/i.test(name) || name.split('/').includes('..'))
    return 'leads out of the archive'
  // The upper half is the mode of the file where that has one.
  return plainTypes.has((externalFileAttributes >>> 16) & typeBits) ? null : 'is a link or no file'
}

/** Lets go of the buffers that the names and comments are in. */
function slim(entry: Entry): Entry {
  const nothing = Buffer.alloc(0)
  const empty = { fileNameRaw: nothing, extraFieldRaw: nothing, fileCommentRaw: nothing, extraFields: [] }
  return Object.assign(entry, empty, { fileName: '', fileComment: '', comment: '' })
}

interface Opened {
  handle: FileHandle
  file: ZipFile
  listing: Listing
  limits: ZipLimits
}

function openedZip({ handle, file, listing, limits }: Opened): Zip {
  const reading = new Set<Readable>()
  const total = { bytes: 0, most: limits.maxTotalBytes }
  async function close(): Promise<void> {
    for (const stream of reading) stream.destroy()
    file.close()
    await handle.close()
  }
  return {
    entries: listing.entries,
    refused: listing.refused,
    async open(listed) {
      const entry = listing.found.get(listed)
      if (!entry) throw new Error('An entry of another archive was asked for.')
      checkEntry(entry, limits)
      const stream = Readable.from(checked(await unpacked(file, entry), entry, total), { objectMode: false })
      reading.add(stream)
      return stream.once('close', () => reading.delete(stream))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function checkEntry(entry: Entry, { maxEntryBytes }: ZipLimits): void {
  if (entry.isEncrypted()) throw new ZipError('encrypted', 'the archive is locked with a password')
  if (!entry.canDecodeFileData())
    throw new ZipError('unsupported', 'the archive is packed in a way that is not read')
  if (entry.uncompressedSize > maxEntryBytes) throw tooLarge()
}

async function unpacked(file: ZipFile, entry: Entry): Promise<Readable> {
  try {
    const raw = await file.openReadStreamPromise(entry, { decodeFileData: false })
    if (entry.compressionMethod === 0) return raw
    return pipeline(raw, createInflateRaw(), () => undefined)
  } catch (error) {
    throw asZipError(error)
  }
}

/** Passes bytes on and counts them: what the archive says of sizes may be a lie. */
async function* checked(
  bytes: Readable,
  entry: Entry,
  total: { bytes: number; most: number },
): AsyncGenerator<Buffer> {
  let size = 0
  let sum = 0
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      size += chunk.length
      total.bytes += chunk.length
      if (size > entry.uncompressedSize) throw damaged()
      if (total.bytes > total.most) throw tooLarge()
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    throw asZipError(error)
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32) throw damaged()
}

const tooLarge = () => new ZipError('too_large', 'there is more in the archive than is read')
const damaged = (cause?: unknown) => new ZipError('damaged', 'the archive is damaged', { cause })

/** What the library says in words; trouble with the disk stays what it is. */
function asZipError(error: unknown): unknown {
  if (error instanceof ZipError || (error instanceof Error && 'syscall' in error)) return error
  if (error instanceof Error && /strong encryption/.test(error.message))
    return new ZipError('encrypted', 'the archive is locked with a password', { cause: error })
  return damaged(error)
}

/** Reads of an open file. Unlike the library's own it answers a position that no file has, instead of crashing. */
class Ranges extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    super()
    this.#handle = handle
  }

  override read(...args: Parameters<yauzl.RandomAccessReader['read']>): void {
    const [buffer, offset, length, position, callback] = args
    const fill = () => this.#fill(buffer.subarray(offset, offset + length), position)
    callbackify(fill)((error) => callback(error))
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#windows(start, end), { objectMode: false })
  }

  async *#windows(start: number, end: number): AsyncGenerator<Buffer> {
    for (let position = start; position < end; position += windowBytes) {
      const window = Buffer.alloc(Math.min(windowBytes, end - position))
      await this.#fill(window, position)
      yield window
    }
  }

  async #fill(buffer: Buffer, position: number): Promise<void> {
    let done = 0
    while (done < buffer.length) {
      const { bytesRead } = await this.#handle.read(buffer, done, buffer.length - done, position + done)
      if (bytesRead === 0) throw damaged()
      done += bytesRead
    }
  }
}
