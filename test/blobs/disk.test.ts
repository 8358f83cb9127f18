import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, stat, truncate, unlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { BlobStoreFull, StorageBroken } from '../../src/blobs/blobs.ts'
import { openDiskBlobs } from '../../src/blobs/disk.ts'
import { blobsContract } from '../contracts/blobs.ts'
import { temporaryFolder } from '../helpers/folders.ts'

const roomy = { maxBytes: 1_000_000 }

blobsContract('disk', async () => {
  const folder = await temporaryFolder()
  return { blobs: await openDiskBlobs(folder.path), close: folder.remove }
})

async function storeIn(folder: string, bytes: Buffer) {
  const blobs = await openDiskBlobs(folder)
  const incoming = await blobs.receive(Readable.from([bytes]), roomy)
  await blobs.keep(incoming)
  const { sha256 } = incoming
  return { blobs, sha256, path: join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256) }
}

test('a blob lies at blobs/ab/cd/<sha256>, and its folders are for the owner only', async () => {
  await using folder = await temporaryFolder()
  const made = join(folder.path, 'not', 'there', 'yet')
  const { path } = await storeIn(made, Buffer.from('somewhere'))
  assert.equal(await readFile(path, 'utf8'), 'somewhere')
  assert.equal((await stat(join(made, 'blobs'))).mode & 0o777, 0o700)
  assert.equal((await stat(join(made, 'incoming'))).mode & 0o777, 0o700)
})

test('blobs are there when the store is opened again', async () => {
  await using folder = await temporaryFolder()
  const { sha256 } = await storeIn(folder.path, Buffer.from('still here'))
  const again = await openDiskBlobs(folder.path)
  assert.equal(String(await buffer(again.open(sha256))), 'still here')
})

test('damage is found, and mended when the same bytes are kept again', async () => {
  await using folder = await temporaryFolder()
  const bytes = randomBytes(5000)
  const { blobs, sha256, path } = await storeIn(folder.path, bytes)

  const flipped = Buffer.from(bytes)
  flipped.writeUInt8(flipped.readUInt8(2500) ^ 1, 2500)
  await writeFile(path, flipped)
  assert.equal(await blobs.verify(sha256), 'damaged')
  await truncate(path, 10)
  assert.equal(await blobs.verify(sha256), 'damaged')

  await storeIn(folder.path, bytes)
  assert.equal(await blobs.verify(sha256), 'ok')
  await unlink(path)
  assert.equal(await blobs.verify(sha256), 'missing')
})

// Otherwise a sweep for blobs without a row, which goes by age, takes it before its row is written.
test('a blob kept again is as young as its last keeping', async () => {
  await using folder = await temporaryFolder()
  const { path } = await storeIn(folder.path, Buffer.from('old'))
  await utimes(path, 1000, 1000)
  await storeIn(folder.path, Buffer.from('old'))
  assert.ok((await stat(path)).mtimeMs > Date.now() - 60_000)
})

test('the list passes over what is no blob', async () => {
  await using folder = await temporaryFolder()
  const { blobs, sha256, path } = await storeIn(folder.path, Buffer.from('one'))
  await writeFile(join(dirname(path), 'Thumbs.db'), '')
  await writeFile(join(folder.path, 'blobs', 'README'), '')
  await mkdir(join(folder.path, 'blobs', 'lost+found'))
  await mkdir(join(dirname(path), 'f'.repeat(64)))
  const found = []
  for await (const blob of blobs.list()) found.push(blob.sha256)
  assert.deepEqual(found, [sha256])
})

test('a work folder and an arrival share the file system of the store', async () => {
  await using folder = await temporaryFolder()
  const blobs = await openDiskBlobs(folder.path)
  const work = await blobs.workFolder()
  assert.equal(dirname(work.path), join(folder.path, 'incoming'))
  await work.remove()
})

// Reliability rule 3.5. A pipe in the place of the arrived file is a real file system object whose fsync fails.
test('after a failed fsync nothing is acknowledged any more, and what is kept can be read', async () => {
  await using folder = await temporaryFolder()
  const { blobs, sha256 } = await storeIn(folder.path, Buffer.from('safe'))
  const arrived = await blobs.receive(Readable.from([Buffer.from('not safe')]), roomy)
  await unlink(arrived.path)
  execFileSync('mkfifo', [arrived.path])

  await assert.rejects(blobs.keep(arrived), StorageBroken)
  assert.equal(await blobs.size(arrived.sha256), null)
  // A second fsync of a file whose first one failed may succeed without its bytes.
  await blobs.discard(arrived)
  await writeFile(arrived.path, 'not safe')
  await assert.rejects(blobs.keep(arrived), StorageBroken)
  const late = Readable.from([Buffer.from('late')])
  await assert.rejects(blobs.receive(late, roomy), StorageBroken)
  assert.ok(late.destroyed)
  assert.equal(String(await buffer(blobs.open(sha256))), 'safe')
})

test('a full disk refuses, leaves nothing, and takes bytes again when there is room', async (t) => {
  await using folder = await temporaryFolder()
  const mounted = join(folder.path, 'small')
  await mkdir(mounted)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mounted], { stdio: 'ignore' })
  } catch {
    t.skip('mounting a small file system is not allowed here')
    return
  }
  try {
    const { blobs, sha256 } = await storeIn(mounted, randomBytes(150_000))
    await assert.rejects(blobs.receive(Readable.from([randomBytes(200_000)]), roomy), BlobStoreFull)
    assert.deepEqual(await readdir(join(mounted, 'incoming')), [])
    assert.equal(await blobs.verify(sha256), 'ok')
    await blobs.remove(sha256)
    await storeIn(mounted, randomBytes(200_000))

    execFileSync('mount', ['-o', 'remount,ro', mounted])
    await assert.rejects(blobs.receive(Readable.from([Buffer.from('a')]), roomy), BlobStoreFull)
    await assert.rejects(blobs.workFolder(), BlobStoreFull)
    execFileSync('mount', ['-o', 'remount,rw', mounted])
    await blobs.discard(await blobs.receive(Readable.from([Buffer.from('a')]), roomy))
  } finally {
    execFileSync('umount', [mounted])
  }
})
