import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { BlobTooLarge, type Blobs } from '../../src/blobs/blobs.ts'

type OpenStore = () => Promise<{ blobs: Blobs; close: () => Promise<void> }>

const roomy = { maxBytes: 1_000_000 }
const absent = 'ab'.repeat(32)
const hash = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex')

/** What every store of blobs promises. `open` gives an empty one. */
export function blobsContract(kind: string, open: OpenStore): void {
  const onStore: OnStore = (name, body) => {
    test(`${kind}: ${name}`, async () => {
      const { blobs, close } = await open()
      try {
        await body(blobs)
      } finally {
        await close()
      }
    })
  }
  arriving(onStore)
  keeping(onStore)
  reading(onStore)
  removing(onStore)
  working(onStore)
}

type OnStore = (name: string, body: (blobs: Blobs) => Promise<void>) => void

async function store(blobs: Blobs, bytes: Buffer): Promise<string> {
  const incoming = await blobs.receive(Readable.from([bytes]), roomy)
  await blobs.keep(incoming)
  return incoming.sha256
}

async function assertNothingIncoming(blobs: Blobs): Promise<void> {
  assert.equal(await blobs.sweepIncoming(0), 0)
}

function arriving(onStore: OnStore): void {
  onStore('bytes are counted and hashed as they arrive, and are no blob yet', async (blobs) => {
    const bytes = randomBytes(200_001)
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 70_000), bytes.subarray(70_000)]
    const incoming = await blobs.receive(Readable.from(pieces), { maxBytes: bytes.length })

    assert.equal(incoming.sizeBytes, bytes.length)
    assert.equal(incoming.sha256, hash('sha256', bytes))
    assert.equal(incoming.sha512, hash('sha512', bytes))
    assert.equal(incoming.md5, hash('md5', bytes))
    assert.deepEqual(await readFile(incoming.path), bytes)
    assert.equal(await blobs.size(incoming.sha256), null)
    await blobs.discard(incoming)
    await blobs.discard(incoming)
    await assertNothingIncoming(blobs)
  })

  onStore('an endless stream is stopped at the limit and leaves nothing', async (blobs) => {
    const source = new Readable({
      read() {
        this.push(Buffer.alloc(1000))
      },
    })
    await assert.rejects(blobs.receive(source, { maxBytes: 5000 }), (error) => {
      assert.ok(error instanceof BlobTooLarge)
      assert.equal(error.limitBytes, 5000)
      return true
    })
    assert.ok(source.destroyed)
    await assertNothingIncoming(blobs)
  })

  onStore('a client that goes away half-way leaves nothing, and its error comes through', async (blobs) => {
    let sent = 0
    const source = new Readable({
      read() {
        if (sent++ < 3) this.push(Buffer.alloc(40_000))
        else this.destroy(new Error('aborted by the test'))
      },
    })
    await assert.rejects(blobs.receive(source, roomy), /aborted by the test/)
    await assertNothingIncoming(blobs)
  })

  onStore(
    'a stream that fails or closes before anything is read is refused like any other',
    async (blobs) => {
      const failing = new Readable({ read() {} })
      const receiving = blobs.receive(failing, roomy)
      failing.destroy(new Error('gone at once'))
      await assert.rejects(receiving, /gone at once/)

      const closed = new Readable({ read() {} })
      closed.destroy()
      await assert.rejects(blobs.receive(closed, roomy))
      await assertNothingIncoming(blobs)
    },
  )

  onStore('a stream of objects is refused', async (blobs) => {
    await assert.rejects(blobs.receive(Readable.from([{ not: 'bytes' }]), roomy), TypeError)
    await assertNothingIncoming(blobs)
  })
}

function keeping(onStore: OnStore): void {
  onStore('kept bytes come back as they were, under their SHA-256', async (blobs) => {
    const bytes = randomBytes(100_000)
    const sha256 = await store(blobs, bytes)
    assert.equal(sha256, hash('sha256', bytes))
    assert.equal(await blobs.size(sha256), bytes.length)
    assert.deepEqual(await buffer(blobs.open(sha256)), bytes)
    await assertNothingIncoming(blobs)
  })

  onStore('no bytes at all are a blob too', async (blobs) => {
    const sha256 = await store(blobs, Buffer.alloc(0))
    assert.equal(await blobs.size(sha256), 0)
    assert.equal((await buffer(blobs.open(sha256))).length, 0)
    assert.equal(await blobs.verify(sha256), 'ok')
  })

  onStore(
    'keeping twice is fine: the same arrival, the same bytes again, and many at once',
    async (blobs) => {
      const bytes = randomBytes(5000)
      const incoming = await blobs.receive(Readable.from([bytes]), roomy)
      await blobs.keep(incoming)
      await blobs.keep(incoming)
      assert.equal(await store(blobs, bytes), incoming.sha256)

      await Promise.all(Array.from({ length: 8 }, () => store(blobs, bytes)))
      assert.deepEqual(await buffer(blobs.open(incoming.sha256)), bytes)
      assert.equal((await collect(blobs)).length, 1)
      await assertNothingIncoming(blobs)
    },
  )

  onStore('what was discarded cannot be kept', async (blobs) => {
    const incoming = await blobs.receive(Readable.from([Buffer.from('unwanted')]), roomy)
    await blobs.discard(incoming)
    await assert.rejects(blobs.keep(incoming))
    assert.equal(await blobs.size(incoming.sha256), null)
  })
}

function reading(onStore: OnStore): void {
  onStore('a range holds both its ends', async (blobs) => {
    const sha256 = await store(blobs, Buffer.from('0123456789'))
    const read = async (first: number, last: number) =>
      String(await buffer(blobs.open(sha256, { first, last })))
    assert.equal(await read(0, 0), '0')
    assert.equal(await read(2, 5), '2345')
    assert.equal(await read(9, 9), '9')
    assert.equal(await read(0, 9), '0123456789')
  })

  onStore('a blob can be read as a file', async (blobs) => {
    const sha256 = await store(blobs, Buffer.from('as a file'))
    const file = await blobs.asFile(sha256)
    assert.equal(await readFile(file.path, 'utf8'), 'as a file')
    await file.release()
    assert.equal(await blobs.size(sha256), 9)
    await assertNothingIncoming(blobs)
  })

  onStore('an absent blob has no size, no file, no bytes', async (blobs) => {
    assert.equal(await blobs.size(absent), null)
    assert.equal(await blobs.verify(absent), 'missing')
    await assert.rejects(buffer(blobs.open(absent)))
    await assert.rejects(blobs.asFile(absent))
    await blobs.remove(absent)
  })

  onStore('what is no address reaches no file', async (blobs) => {
    for (const name of ['', '../secret.key', 'AB'.repeat(32), `${absent}/..`, `${absent}\0`]) {
      assert.equal(await blobs.size(name), null, name)
      assert.equal(await blobs.verify(name), 'missing', name)
      assert.throws(() => blobs.open(name), name)
      await assert.rejects(blobs.asFile(name), name)
      await blobs.remove(name)
    }
  })

  onStore('a sound blob is verified', async (blobs) => {
    assert.equal(await blobs.verify(await store(blobs, randomBytes(150_000))), 'ok')
  })
}

function removing(onStore: OnStore): void {
  onStore('a removed blob is gone, and may be removed again or stored again', async (blobs) => {
    const bytes = randomBytes(100)
    const sha256 = await store(blobs, bytes)
    await blobs.remove(sha256)
    await blobs.remove(sha256)
    assert.equal(await blobs.size(sha256), null)
    assert.deepEqual(await collect(blobs), [])
    await store(blobs, bytes)
    assert.deepEqual(await buffer(blobs.open(sha256)), bytes)
  })

  onStore(
    'the list names every blob once, with size and time, and nothing that is only incoming',
    async (blobs) => {
      const before = Date.now() - 5000
      const expected = new Map<string, number>()
      for (let size = 1; size <= 30; size++) expected.set(await store(blobs, randomBytes(size)), size)
      const waiting = await blobs.receive(Readable.from([Buffer.from('waiting')]), roomy)

      const found = await collect(blobs)
      assert.deepEqual(new Map(found.map((blob) => [blob.sha256, blob.sizeBytes])), expected)
      assert.equal(found.length, expected.size)
      assert.ok(found.every((blob) => blob.modifiedMs > before && blob.modifiedMs < Date.now() + 5000))
      await blobs.discard(waiting)
    },
  )

  onStore('the list of an empty store is empty', async (blobs) => {
    assert.deepEqual(await collect(blobs), [])
  })
}

function working(onStore: OnStore): void {
  onStore('a file made in a work folder is adopted, and outlives the folder', async (blobs) => {
    const work = await blobs.workFolder()
    const bytes = randomBytes(70_000)
    await writeFile(join(work.path, 'made.jpg'), bytes)
    const incoming = await blobs.adopt(join(work.path, 'made.jpg'))
    assert.deepEqual(await readdir(work.path), [])
    await work.remove()
    await work.remove()

    assert.equal(incoming.sizeBytes, bytes.length)
    assert.equal(incoming.md5, hash('md5', bytes))
    await blobs.keep(incoming)
    assert.deepEqual(await buffer(blobs.open(hash('sha256', bytes))), bytes)
    await assertNothingIncoming(blobs)
  })

  onStore(
    'only a plain file is adopted: no link to elsewhere, no folder, nothing that is not there',
    async (blobs) => {
      const work = await blobs.workFolder()
      await writeFile(join(work.path, 'private'), 'of somebody else')
      await symlink(join(work.path, 'private'), join(work.path, 'link'))
      await mkdir(join(work.path, 'folder'))
      for (const name of ['link', 'folder', 'absent'])
        await assert.rejects(blobs.adopt(join(work.path, name)), name)
      assert.equal(await readFile(join(work.path, 'private'), 'utf8'), 'of somebody else')
      await work.remove()
      await assertNothingIncoming(blobs)
    },
  )

  onStore('a sweep takes what is old enough, files and work folders alike', async (blobs) => {
    const file = await blobs.receive(Readable.from([Buffer.from('left')]), roomy)
    const work = await blobs.workFolder()
    await writeFile(join(work.path, 'half'), 'made')
    assert.equal(await blobs.sweepIncoming(3_600_000), 0)
    assert.equal(await readFile(file.path, 'utf8'), 'left')
    assert.equal(await blobs.sweepIncoming(0), 2)
    await assert.rejects(blobs.keep(file))
  })
}

async function collect(blobs: Blobs) {
  const found = []
  for await (const blob of blobs.list()) found.push(blob)
  return found
}
