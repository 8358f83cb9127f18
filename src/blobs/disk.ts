import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { lstat, mkdir, mkdtemp, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { Blobs, BlobState, ByteRange, Incoming } from './blobs.ts'
import { breaker, codeOf, type Breaker } from './disk-failures.ts'
import { inPieces, pieceBytes } from './pieces.ts'
import { sha256Of, tally, tallyOf } from './tally.ts'

interface Disk {
  incoming: string
  blobs: string
  folders: Map<string, Folder>
  breaker: Breaker
}

/** A directory: when it is there, and when its entry in the directory above is known to be on the disk. */
interface Folder {
  made: Promise<void>
  safe: Promise<void>
}

const settled: Folder = { made: Promise.resolve(), safe: Promise.resolve() }

/**
 * Blobs as files: `incoming/<random>` while they arrive, `blobs/ab/cd/<sha256>` once kept. Both are readable by
 * the user of the server only.
 *
 * @throws BlobStoreFull, StorageBroken, or the file system's own error when the folder cannot be used.
 */
export async function openDiskBlobs(folder: string): Promise<Blobs> {
  const root = resolve(folder)
  const disk: Disk = {
    incoming: join(root, 'incoming'),
    blobs: join(root, 'blobs'),
    folders: new Map(),
    breaker: breaker(),
  }
  await disk.breaker.guard(async () => {
    const made = await mkdir(root, { recursive: true })
    await mkdir(disk.incoming, { recursive: true, mode: 0o700 })
    await mkdir(disk.blobs, { recursive: true, mode: 0o700 })
    await syncFolder(root)
    await syncAbove(root, made ?? root)
  })
  return {
    receive: (source, limits) => receive(disk, source, limits.maxBytes),
    adopt: (path) => adopt(disk, path),
    keep: (incoming) => disk.breaker.guard(() => keep(disk, incoming)),
    discard: (incoming) => rm(incoming.path, { force: true }),
    workFolder: () => workFolder(disk),
    size: (sha256) => sizeOf(disk, sha256),
    open: (sha256, range) => openBlob(disk, sha256, range),
    asFile: (sha256) => asFile(disk, sha256),
    verify: (sha256) => verify(disk, sha256),
    remove: (sha256) => removeBlob(disk, sha256),
    list: () => list(disk),
    sweepIncoming: (olderThanMs) => sweepIncoming(disk, olderThanMs),
  }
}

/** Makes the entries of `folder` and of what was made above it permanent, where those directories may be read. */
async function syncAbove(folder: string, made: string): Promise<void> {
  for (let at = folder; at.length >= made.length && at !== dirname(at); at = dirname(at)) {
    try {
      await syncFolder(dirname(at))
    } catch (error) {
      if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EINVAL') throw error
    }
  }
}

const isAddress = (sha256: string) => /^[0-9a-f]{64}$/.test(sha256)

/** @throws Error unless it is the address of a blob: no other text becomes part of a path. */
function pathOf(disk: Disk, sha256: string): string {
  if (!isAddress(sha256)) throw new Error('not the address of a blob')
  return join(disk.blobs, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

/** Names in `incoming/` begin with the process that writes, so that a sweep can tell what is still being written. */
const randomName = () => `${process.pid}-${randomBytes(16).toString('hex')}`

async function receive(disk: Disk, source: Readable, maxBytes: number): Promise<Incoming> {
  // An error raised while no file is open yet must find a listener; the loop below reports it all the same.
  source.on('error', () => undefined)
  const path = join(disk.incoming, randomName())
  try {
    const file = await disk.breaker.guard(() => open(path, 'wx', 0o600))
    try {
      return { path, ...(await copyInto(disk, file, source, maxBytes)) }
    } finally {
      await disk.breaker.guard(() => file.close())
    }
  } catch (error) {
    source.destroy()
    await drop(path)
    throw error
  }
}

/** What cannot be removed now is swept later; the error that led here matters more. */
const drop = (path: string) => rm(path, { force: true }).catch(() => undefined)

/** Writes pieces of some size rather than what a socket hands on, each while the one before is hashed. */
async function copyInto(disk: Disk, file: FileHandle, source: Readable, maxBytes: number) {
  const count = tally()
  let writing = Promise.resolve()
  try {
    for await (const bytes of inPieces(source, maxBytes)) {
      await writing
      writing = disk.breaker.guard(() => file.writeFile(bytes))
      // Reported where it is waited for, which may be after the next piece has come.
      writing.catch(() => undefined)
      count.add(bytes)
    }
    await writing
    return count.result()
  } finally {
    await writing.catch(() => undefined)
  }
}

async function adopt(disk: Disk, from: string): Promise<Incoming> {
  const path = join(disk.incoming, randomName())
  // Whoever made the file may have been led astray by a picture: a link in its place is not followed.
  if (!(await lstat(from)).isFile()) throw new Error('only a plain file can become a blob')
  await disk.breaker.guard(() => rename(from, path))
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    return { path, ...(await tallyOf(file.createReadStream({ highWaterMark: pieceBytes }))) }
  } catch (error) {
    await drop(path)
    throw error
  }
}

/**
 * The file is on the disk before it gets its name, and every directory that leads to it before this returns. A blob
 * that is there already is replaced by the bytes just hashed, which costs no more than reading it to see whether it is
 * still sound, and gives it a fresh time, so that a sweep for blobs without a row does not take it before its row is
 * written.
 */
async function keep(disk: Disk, incoming: Incoming): Promise<void> {
  const target = pathOf(disk, incoming.sha256)
  const folder = dirname(target)
  const arrived = await ifThere(syncFile(incoming.path).then(() => true))
  if (!arrived && (await sizeOf(disk, incoming.sha256)) !== incoming.sizeBytes)
    throw new Error('the incoming bytes are gone')
  const { made, safe } = folderFor(disk, folder)
  await made
  if (arrived) await rename(incoming.path, target)
  await Promise.all([safe, syncFolder(folder)])
}

/** Makes a directory below `blobs/` and sees to it that it survives a power cut, once for each in a process. */
function folderFor(disk: Disk, folder: string): Folder {
  const known = folder === disk.blobs ? settled : disk.folders.get(folder)
  if (known) return known
  // Also a directory that exists is synced: its maker may have died before doing so.
  const parent = dirname(folder)
  const above = folderFor(disk, parent)
  const made = above.made.then(async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  })
  const safe = made.then(async () => {
    await Promise.all([above.safe, syncFolder(parent)])
  })
  disk.folders.set(folder, { made, safe })
  safe.then(
    () => disk.folders.set(folder, settled),
    () => disk.folders.delete(folder),
  )
  return { made, safe }
}

const syncFile = (path: string) => syncOpened(path, 'r+')
const syncFolder = (path: string) => syncOpened(path, 'r')

async function syncOpened(path: string, flags: 'r' | 'r+'): Promise<void> {
  const opened = await open(path, flags)
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

async function workFolder(disk: Disk): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await disk.breaker.guard(() => mkdtemp(join(disk.incoming, `${process.pid}-work-`)))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

async function sizeOf(disk: Disk, sha256: string): Promise<number | null> {
  if (!isAddress(sha256)) return null
  const found = await ifThere(stat(pathOf(disk, sha256)))
  return found?.isFile() ? found.size : null
}

function openBlob(disk: Disk, sha256: string, range?: ByteRange): Readable {
  const path = pathOf(disk, sha256)
  return range ? createReadStream(path, { start: range.first, end: range.last }) : createReadStream(path)
}

async function asFile(disk: Disk, sha256: string): Promise<{ path: string; release: () => Promise<void> }> {
  if ((await sizeOf(disk, sha256)) === null) throw new Error('there is no such blob')
  return { path: pathOf(disk, sha256), release: () => Promise.resolve() }
}

async function verify(disk: Disk, sha256: string): Promise<BlobState> {
  if ((await sizeOf(disk, sha256)) === null) return 'missing'
  try {
    const found = await sha256Of(createReadStream(pathOf(disk, sha256), { highWaterMark: pieceBytes }))
    return found === sha256 ? 'ok' : 'damaged'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'missing'
    if (codeOf(error) === 'EIO') return 'damaged'
    throw error
  }
}

/** The directory is synced, so that a blob removed for good does not come back with the power. */
async function removeBlob(disk: Disk, sha256: string): Promise<void> {
  if ((await sizeOf(disk, sha256)) === null) return
  const path = pathOf(disk, sha256)
  await disk.breaker.guard(async () => {
    await rm(path, { force: true })
    await syncFolder(dirname(path))
  })
}

async function* list(disk: Disk): ReturnType<Blobs['list']> {
  for await (const outer of await opendir(disk.blobs)) {
    if (!/^[0-9a-f]{2}$/.test(outer.name)) continue
    for await (const inner of await opendir(join(disk.blobs, outer.name))) {
      if (!/^[0-9a-f]{2}$/.test(inner.name)) continue
      for await (const { name } of await opendir(join(disk.blobs, outer.name, inner.name))) {
        if (!isAddress(name) || !name.startsWith(outer.name + inner.name)) continue
        const found = await ifThere(stat(pathOf(disk, name)))
        if (found?.isFile()) yield { sha256: name, sizeBytes: found.size, modifiedMs: found.mtimeMs }
      }
    }
  }
}

async function sweepIncoming(disk: Disk, olderThanMs: number): Promise<number> {
  let swept = 0
  for (const name of await readdir(disk.incoming)) {
    const path = join(disk.incoming, name)
    const found = await ifThere(stat(path))
    // At the start of a server everything is left over, also what a clock set back has dated in the future, but for
    // what the command line is writing at this moment.
    const isRecent = found !== null && Date.now() - found.mtimeMs < olderThanMs
    if (!found || (olderThanMs > 0 ? isRecent : isOfLivingProcess(name))) continue
    await rm(path, { recursive: true, force: true })
    swept++
  }
  return swept
}

/** Another process of this machine; one's own number was somebody else's before. */
function isOfLivingProcess(name: string): boolean {
  const pid = Number(/^(\d+)-/.exec(name)?.[1])
  if (!Number.isSafeInteger(pid) || pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function ifThere<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
