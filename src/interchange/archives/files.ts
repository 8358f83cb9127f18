import { createReadStream } from 'node:fs'
import { open, opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { openZip, ZipError, type Zip } from '../../reading/zip-entries.ts'
import { byCodePoint } from '../../library/code-points.ts'
import { ArchiveError } from './rows.ts'

/** The files of an archive, whether they are packed or not. */
export interface ArchiveFiles extends AsyncDisposable {
  /** Paths inside the archive with forward slashes, in the order of their code points. */
  names: readonly string[]
  /** What is left out because of what it is called or is; the reason is the end of a sentence. */
  refused: readonly { name: string; reason: string }[]
  /** @throws ZipError; the file system's error. */
  open: (name: string) => Promise<Readable>
}

const mostFiles = 500_000
/** Texts can be packed into a fiftieth, pictures hardly; an archive that says more than this is made to hurt. */
const mostTimesLarger = 100
const alwaysAllowedBytes = 64 * 1024 ** 2

/**
 * Opens an archive: a ZIP file, the folder it was unpacked to, or one file of it.
 *
 * @throws ArchiveError when there is nothing that can be read; the file system's error.
 */
export async function openFiles(path: string): Promise<ArchiveFiles> {
  const found = await stat(path)
  if (found.isDirectory()) return openFolder(path)
  if (!found.isFile()) throw new ArchiveError('This is no file and no folder.')
  return (await isZip(path)) ? openPacked(path, found.size) : openSingle(path)
}

async function isZip(path: string): Promise<boolean> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer.toString('latin1') === 'PK'
  } catch (error) {
    throw asArchiveError(error, basename(path))
  }
}

/** What is wrong with a file that rows are read from, as a sentence; a bug stays what it is. */
function asArchiveError(error: unknown, name: string): unknown {
  if (error instanceof ZipError) return new ArchiveError(asSentence(`${error.message}, in ${name}`))
  if (error instanceof Error && 'syscall' in error) return new ArchiveError(`${name} cannot be read.`)
  return error
}

const nothingToClose = { [Symbol.asyncDispose]: () => Promise.resolve() }

function openSingle(path: string): ArchiveFiles {
  return {
    names: [basename(path)],
    refused: [],
    open: () => Promise.resolve(createReadStream(path)),
    ...nothingToClose,
  }
}

async function openFolder(root: string): Promise<ArchiveFiles> {
  const names: string[] = []
  const refused: { name: string; reason: string }[] = []
  const walk = async (below: string) => {
    for await (const entry of await opendir(join(root, below))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await walk(name)
      else if (entry.isFile()) names.push(name)
      else refused.push({ name, reason: 'is a link or no file' })
      if (names.length + refused.length > mostFiles) throw tooMany()
    }
  }
  await walk('')
  const known = new Set(names)
  return {
    names: names.toSorted(byCodePoint),
    refused,
    open(name) {
      if (!known.has(name)) throw new Error('A file of another archive was asked for.')
      return Promise.resolve(createReadStream(join(root, name)))
    },
    ...nothingToClose,
  }
}

async function openPacked(path: string, sizeBytes: number): Promise<ArchiveFiles> {
  const most = alwaysAllowedBytes + mostTimesLarger * sizeBytes
  const zip = await openDirectory(path, most)
  const entries = new Map(zip.entries.flatMap((entry) => (entry.isFolder ? [] : [[entry.name, entry]])))
  // What the archive says is looked at before anything is taken from it; whether it is true shows while it is read.
  const unpacked = [...entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0)
  if (unpacked > most) {
    await zip.close()
    throw new ArchiveError(`The archive would unpack to more than ${mostTimesLarger} times its size.`)
  }
  return {
    names: [...entries.keys()].toSorted(byCodePoint),
    refused: zip.refused,
    open(name) {
      const entry = entries.get(name)
      if (!entry) throw new Error('A file of another archive was asked for.')
      return zip.open(entry)
    },
    [Symbol.asyncDispose]: () => zip.close(),
  }
}

async function openDirectory(path: string, mostBytes: number): Promise<Zip> {
  try {
    return await openZip(path, { maxEntries: mostFiles, maxEntryBytes: mostBytes, maxTotalBytes: mostBytes })
  } catch (error) {
    if (!(error instanceof ZipError)) throw error
    if (error.kind === 'too_many') throw tooMany()
    throw new ArchiveError(asSentence(error.message))
  }
}

const tooMany = () => new ArchiveError(`There are more than ${mostFiles} files in the archive.`)

/** `the archive is damaged` is a sentence with a capital and a stop. */
const asSentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

/** The bytes of a file of an archive that its rows are read from. @throws ArchiveError for a damaged or endless one. */
export async function* bytesOf(files: ArchiveFiles, name: string): AsyncGenerator<Buffer> {
  try {
    yield* (await files.open(name)) as AsyncIterable<Buffer>
  } catch (error) {
    throw asArchiveError(error, name)
  }
}
