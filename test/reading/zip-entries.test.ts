import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { openZip, type ZipError, type ZipLimits } from '../../src/reading/zip-entries.ts'
import { temporaryFolder, type TemporaryFolder } from '../helpers/folders.ts'
import { zipOf, zipOfTexts } from '../helpers/zips.ts'

const limits: ZipLimits = { maxEntries: 10, maxEntryBytes: 1_000_000, maxTotalBytes: 3_000_000 }

let folder: TemporaryFolder
before(async () => (folder = await temporaryFolder()))
after(() => folder.remove())

let files = 0
async function kept(bytes: Buffer): Promise<string> {
  const path = join(folder.path, `${(files += 1)}.zip`)
  await writeFile(path, bytes)
  return path
}

/** Reads everything in an archive. */
async function readAll(bytes: Buffer, within = limits) {
  await using zip = await openZip(await kept(bytes), within)
  const read: Record<string, string> = {}
  for (const entry of zip.entries) read[entry.name] = await text(await zip.open(entry))
  return { read, refused: zip.refused }
}

const refusal = (kind: ZipError['kind']) => ({ name: 'ZipError', kind })

describe('the entries of a ZIP archive', () => {
  test('are listed with their sizes and read', async () => {
    const long = 'salt '.repeat(50_000)
    const parts = [
      { name: 'mimetype', bytes: 'text/x', method: 0 },
      { name: 'word/', bytes: '', mode: 0o040755 },
      { name: 'word/größe.xml', bytes: long, flags: 0 },
      { name: 'empty', bytes: '' },
    ]
    await using zip = await openZip(await kept(zipOf(parts)), limits)
    assert.deepEqual(zip.entries, [
      { name: 'mimetype', sizeBytes: 6, isFolder: false },
      { name: 'word/', sizeBytes: 0, isFolder: true },
      { name: 'word/größe.xml', sizeBytes: 250_000, isFolder: false },
      { name: 'empty', sizeBytes: 0, isFolder: false },
    ])
    assert.deepEqual(zip.refused, [])
    const { read } = await readAll(zipOf(parts))
    assert.deepEqual(read, { mimetype: 'text/x', 'word/': '', 'word/größe.xml': long, empty: '' })
  })

  test('several may be read at once, and closing ends them', async () => {
    const zip = await openZip(
      await kept(zipOfTexts({ a: 'a'.repeat(900_000), b: 'b'.repeat(900_000) })),
      limits,
    )
    const [first, second] = await Promise.all(zip.entries.map((entry) => zip.open(entry)))
    assert.ok(first && second)
    assert.equal((await text(first)).length, 900_000)
    const ended = assert.rejects(text(second))
    await zip.close()
    await ended
  })

  const names: [name: string, reason: string][] = [
    ['../up.txt', 'leads out of the archive'],
    ['a/../../up.txt', 'leads out of the archive'],
    ['/etc/passwd', 'leads out of the archive'],
    ['C:/boot.ini', 'leads out of the archive'],
    ['..\\up.txt', 'leads out of the archive'],
    ['a\\b.txt', 'leads out of the archive'],
    ['a\0.txt', 'has no proper name'],
    ['', 'has no proper name'],
    [`${'n'.repeat(2_000)}.txt`, 'has too long a name'],
    ['good.txt', 'is there twice'],
  ]
  for (const [name, reason] of names)
    test(`${JSON.stringify(name).slice(0, 30)} is left out: ${reason}`, async () => {
      const parts = [
        { name: 'good.txt', bytes: 'good' },
        { name, bytes: 'bad' },
      ]
      const { read, refused } = await readAll(zipOf(parts))
      assert.deepEqual(read, { 'good.txt': 'good' })
      assert.deepEqual(refused, [{ name: name.slice(0, 200), reason }])
    })

  test('links and devices are left out', async () => {
    const parts = [
      { name: 'link', bytes: '/etc/passwd', mode: 0o120777 },
      { name: 'device', bytes: '', mode: 0o020666 },
      { name: 'dos', bytes: 'x', mode: 0 },
    ]
    const { read, refused } = await readAll(zipOf(parts))
    assert.deepEqual(Object.keys(read), ['dos'])
    assert.deepEqual(
      refused.map(({ name, reason }) => [name, reason]),
      [
        ['link', 'is a link or no file'],
        ['device', 'is a link or no file'],
      ],
    )
  })
})

describe('an archive that cannot be read', () => {
  const good = zipOfTexts({ 'a.txt': 'salt and pepper '.repeat(1_000), 'b.txt': 'more' })
  const flipped = Buffer.from(good)
  flipped.writeUInt8((flipped[60] ?? 0) ^ 0xff, 60)
  const beyond = Buffer.from(good)
  beyond.writeUInt32LE(0xfffffff0, good.length - 6)

  const cases: [name: string, bytes: Buffer, kind: ZipError['kind']][] = [
    ['an empty file', Buffer.alloc(0), 'not_zip'],
    ['another file', Buffer.from('%PDF-1.7\n'.repeat(20)), 'not_zip'],
    ['half an archive', good.subarray(0, good.length / 2), 'damaged'],
    ['bytes that were changed', flipped, 'damaged'],
    ['a directory beyond the end', beyond, 'damaged'],
    ['a sum that is not right', zipOf([{ name: 'a', bytes: 'salt', sum: 1 }]), 'damaged'],
    ['fewer bytes than stated', zipOf([{ name: 'a', bytes: 'salt', sizeBytes: 500 }]), 'damaged'],
    ['more bytes than stated', zipOf([{ name: 'a', bytes: 'x'.repeat(900_000), sizeBytes: 5 }]), 'damaged'],
    ['an entry that begins beyond the end', zipOf([{ name: 'a', bytes: 'x', offset: 2 ** 31 }]), 'damaged'],
    ['an entry that ends beyond the end', zipOf([{ name: 'a', bytes: 'x', packedBytes: 2 ** 31 }]), 'damaged'],
    ['a password', zipOf([{ name: 'a', bytes: 'salt', flags: 0x801 }]), 'encrypted'],
    ['a strong password', zipOf([{ name: 'a', bytes: 'salt', flags: 0x841 }]), 'encrypted'],
    ['another way of packing', zipOf([{ name: 'a', bytes: 'salt', method: 14 }]), 'unsupported'],
    ['too large an entry', zipOf([{ name: 'a', bytes: Buffer.alloc(1_000_001) }]), 'too_large'],
    ['too many entries', zipOf(Array.from({ length: 11 }, (_, at) => ({ name: `${at}`, bytes: '' }))), 'too_many'],
  ] // prettier-ignore
  for (const [name, bytes, kind] of cases)
    test(`${name}: ${kind}`, () => assert.rejects(readAll(bytes), refusal(kind)))

  test('bytes that entries share count every time', async () => {
    const bytes = Buffer.alloc(900_000)
    const shared = Array.from({ length: 8 }, (_, at) => ({ name: `${at}`, bytes, offset: 0 }))
    await assert.rejects(readAll(zipOf([{ name: 'x', bytes }, ...shared])), refusal('too_large'))
  })

  test('an entry with more bytes than stated ends where they begin', async () => {
    const parts = [{ name: 'a', bytes: 'x'.repeat(900_000), sizeBytes: 5 }]
    await using zip = await openZip(await kept(zipOf(parts)), limits)
    const [entry] = zip.entries
    assert.ok(entry)
    let bytes = 0
    const reading = async () => {
      for await (const chunk of await zip.open(entry)) bytes += Buffer.byteLength(chunk as Buffer)
    }
    await assert.rejects(reading, refusal('damaged'))
    assert.equal(bytes, 0)
  })

  test('a place that no file has is damage, not a crash', async () => {
    const locator = Buffer.alloc(20)
    locator.writeUInt32LE(0x07064b50, 0)
    locator.writeBigUInt64LE(2n ** 63n, 8)
    const end = good.subarray(good.length - 22)
    await assert.rejects(
      readAll(Buffer.concat([good.subarray(0, good.length - 22), locator, end])),
      refusal('damaged'),
    )
  })

  test('a file that is not there is what the file system says', async () => {
    await assert.rejects(openZip(join(folder.path, 'nothing.zip'), limits), { code: 'ENOENT' })
  })
})
