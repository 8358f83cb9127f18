import assert from 'node:assert/strict'
import { test } from 'node:test'
import { default as exifr } from 'exifr'
import * as fc from 'fast-check'
import { stripGps } from '../../../src/media/exif/strip-gps.ts'
import { orientationOf } from '../../../src/media/exif/tiff.ts'

const { parse } = exifr

type Entry = [tag: number, type: number, count: number, value: number]

function directory(entries: readonly Entry[], next = 0): Buffer {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4)
  bytes.writeUInt16LE(entries.length, 0)
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + index * 12
    bytes.writeUInt16LE(tag, at)
    bytes.writeUInt16LE(type, at + 2)
    bytes.writeUInt32LE(count, at + 4)
    bytes.writeUInt32LE(value, at + 8)
  }
  bytes.writeUInt32LE(next, bytes.length - 4)
  return bytes
}

function tiff(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), ...parts])
}

const make: Entry = [0x010f, 2, 4, 0x00414141]
const orientation: Entry = [0x0112, 3, 1, 6]
const latitudeRef: Entry = [1, 2, 2, 0x4e]
/** One directory of three entries ends here. */
const second = 8 + 2 + 3 * 12 + 4
const sound = tiff(
  directory([make, orientation, [0x8825, 4, 1, second]]),
  directory([latitudeRef, [2, 5, 3, second + 30]]),
  Buffer.from('11'.repeat(24), 'hex'),
)

async function tagsOf(block: Buffer): Promise<string[]> {
  const found: unknown = await parse(block, true).catch(() => ({}))
  return typeof found === 'object' && found !== null ? Object.keys(found) : []
}

test('the GPS directory goes with its values, the rest stays', async () => {
  assert.ok((await tagsOf(sound)).includes('GPSLatitude'))
  const result = stripGps(sound)
  assert.equal(result.verdict, 'patched')
  assert.ok('block' in result)
  assert.deepEqual((await tagsOf(result.block)).toSorted(), ['Make', 'Orientation'])
  assert.equal(orientationOf(result.block), 6)
  assert.equal(result.block.length, sound.length)
  assert.ok(result.block.subarray(second).every((byte) => byte === 0))
  assert.equal(stripGps(result.block).verdict, 'clean')
})

test('crafted blocks end, without a place', async () => {
  const first = directory([make, orientation, [0x8825, 4, 1, second]])
  const cases: [name: string, block: Buffer, verdict: string][] = [
    ['no bytes', Buffer.alloc(0), 'unreadable'],
    ['not TIFF', Buffer.from('MM\0+\0\0\0\x08', 'latin1'), 'unreadable'],
    ['directory outside', Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'), 'clean'],
    ['points to itself', tiff(directory([make], 8)), 'clean'],
    ['two in a circle', tiff(directory([make], 26), directory([make], 8)), 'clean'],
    ['EXIF directory is the first', tiff(directory([[0x8769, 4, 1, 8]])), 'clean'],
    ['GPS outside', tiff(directory([make, [0x8825, 4, 1, 0xfffffff0]])), 'patched'],
    ['GPS is the first directory', tiff(directory([make, [0x8825, 4, 1, 8]])), 'patched'],
    ['GPS is the header', tiff(directory([make, [0x8825, 4, 1, 0]])), 'patched'],
    [
      'two GPS',
      tiff(directory([[0x8825, 4, 1, second], make, [0x8825, 4, 1, second]]), directory([latitudeRef])),
      'patched',
    ],
    [
      'GPS in the EXIF directory',
      tiff(directory([[0x8769, 4, 1, 26]]), directory([[0x8825, 4, 1, 44]]), directory([latitudeRef])),
      'patched',
    ],
    [
      'GPS in a SubIFD',
      tiff(
        directory([[0x014a, 4, 2, 26]]),
        Buffer.from('2200000022000000', 'hex'),
        directory([[0x8825, 4, 1, 52]]),
        directory([latitudeRef]),
      ),
      'patched',
    ],
    ['values over the first directory', tiff(first, directory([latitudeRef, [2, 5, 3, 8]])), 'patched'],
    ['huge count', tiff(first, directory([latitudeRef, [2, 5, 0xffffffff, 8]])), 'patched'],
    ['values outside', tiff(first, directory([latitudeRef, [2, 5, 3, 0xffffff00]])), 'patched'],
    [
      'more entries than bytes',
      tiff(Buffer.concat([Buffer.from([100, 0]), first.subarray(2, -4)])),
      'patched',
    ],
    ['too many entries', tiff(Buffer.from([0xff, 0xff])), 'unreadable'],
    [
      'too many directories',
      tiff(...Array.from({ length: 65 }, (_, index) => directory([make], 26 + index * 18))),
      'unreadable',
    ],
  ]
  for (const [name, block, verdict] of cases) {
    const result = stripGps(block)
    assert.equal(result.verdict, verdict, name)
    if (!('block' in result)) continue
    assert.equal(result.block.length, block.length, name)
    assert.deepEqual(
      (await tagsOf(result.block)).filter((tag) => /gps|latitude/i.test(tag)),
      [],
      name,
    )
    if (name.includes('first directory')) assert.ok((await tagsOf(result.block)).includes('Make'), name)
  }
})

test('any bytes may be changed: it ends, and what it calls patched holds no place', async () => {
  const change = fc.record({ at: fc.nat({ max: sound.length - 1 }), byte: fc.integer({ min: 0, max: 255 }) })
  const check = async (changes: { at: number; byte: number }[]) => {
    const block = Buffer.from(sound)
    for (const { at, byte } of changes) block[at] = byte
    const result = stripGps(block)
    if (!('block' in result)) return
    assert.equal(stripGps(result.block).verdict, 'clean')
    assert.deepEqual(
      (await tagsOf(result.block)).filter((tag) => /^gps|^latitude/i.test(tag)),
      [],
    )
  }
  await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), check), {
    numRuns: 1_000,
  })
})

test('an orientation that makes no sense is none', () => {
  assert.equal(orientationOf(tiff(directory([orientation]))), 6)
  assert.equal(orientationOf(tiff(directory([[0x0112, 4, 1, 8]]))), 8)
  for (const entry of [
    [0x0112, 3, 1, 9],
    [0x0112, 3, 1, 0],
    [0x0112, 3, 2, 6],
    [0x0113, 3, 1, 6],
  ] satisfies Entry[]) {
    assert.equal(orientationOf(tiff(directory([entry]))), 1)
  }
  assert.equal(orientationOf(Buffer.from('II*\0')), 1)
})
