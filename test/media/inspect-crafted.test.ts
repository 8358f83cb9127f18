import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { windowBytes } from '../../src/media/byte-source.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import {
  gifOf,
  hostileDir,
  makeFolder,
  picture,
  pngChunk,
  pngEnd,
  pngHeader,
  pngOf,
} from './sample-pictures.ts'

async function inspectBytes(bytes: Buffer) {
  await using folder = await makeFolder()
  const path = join(folder.path, 'crafted')
  await writeFile(path, bytes)
  return await inspectPicture(path)
}

const data = pngChunk('IDAT', deflateSync(Buffer.alloc(10)))
const palette = pngChunk('PLTE', Buffer.alloc(6))
const square = pngHeader({ width: 2, height: 2 })
const indexed = pngHeader({ width: 2, height: 2, colourType: 3 })

test('a few bytes that declare 25 interlaced megapixels of 16 bits are refused before decoding', async () => {
  const header = { bitDepth: 16, colourType: 6, interlace: 1 }
  const wide = pngOf(pngHeader({ width: 786_464, height: 32, ...header }), data, pngEnd)
  await assert.rejects(inspectBytes(wide), { kind: 'too_large', message: /786464 x 32/ })
  // The same within the limit of sides: 5,800 squared at 8 bytes are 257 MiB.
  const large = pngOf(pngHeader({ width: 5_800, height: 5_800, ...header }), data, pngEnd)
  await assert.rejects(inspectBytes(large), { kind: 'too_large', message: /interlaced .* 256 MiB/ })
  const plain = pngHeader({ width: 5_800, height: 5_800, ...header, interlace: 0 })
  assert.equal((await inspectBytes(pngOf(plain, data, pngEnd))).interlaced, false)
})

test('PNG chunks must come in order', async () => {
  const cases: [string, Buffer[], RegExp | null][] = [
    ['sound', [square, data, pngEnd], null],
    ['sound with a palette', [indexed, palette, data, data, pngEnd], null],
    ['no IHDR', [data, square, pngEnd], /IHDR/],
    ['two IHDR', [square, square, data, pngEnd], /two IHDR/],
    ['no palette', [indexed, data, pngEnd], /palette/],
    [
      'palette of a grey picture',
      [pngHeader({ width: 2, height: 2, colourType: 0 }), palette, data, pngEnd],
      /palette/,
    ],
    ['palette behind the data', [square, data, palette, pngEnd], /palette/],
    ['palette of two and a half', [indexed, pngChunk('PLTE', Buffer.alloc(7)), data, pngEnd], /palette/],
    [
      'data in two places',
      [square, data, pngChunk('tEXt', Buffer.from('a\0b')), data, pngEnd],
      /consecutive/,
    ],
    ['no data', [square, pngEnd], /no picture data/],
    ['no end', [square, data], /IEND/],
    ['unknown and critical', [square, pngChunk('ABCD', Buffer.alloc(1)), data, pngEnd], /nobody knows/],
    ['unknown and ancillary', [square, pngChunk('abCd', Buffer.alloc(1)), data, pngEnd], null],
    ['name of digits', [square, pngChunk('12ab', Buffer.alloc(1)), data, pngEnd], /proper name/],
    ['length past the end', [square, Buffer.from('7fffffff49444154', 'hex')], /IEND/],
  ]
  for (const [name, chunks, problem] of cases) {
    const verdict = inspectBytes(pngOf(...chunks))
    if (problem) await assert.rejects(verdict, { kind: 'corrupt', message: problem }, name)
    else assert.equal((await verdict).width, 2, name)
  }
})

test('metadata is bounded', async () => {
  const text = pngChunk('tEXt', Buffer.from('a\0b'))
  const many = pngOf(square, ...Array.from({ length: 10_001 }, () => text), data, pngEnd)
  await assert.rejects(inspectBytes(many), { kind: 'too_large', message: /10000 chunks/ })
  const large = pngOf(square, pngChunk('zTXt', Buffer.alloc(16 * 1024 ** 2 + 1)), data, pngEnd)
  await assert.rejects(inspectBytes(large), { kind: 'too_large', message: /metadata/ })
  const pieces = pngOf(
    square,
    ...Array.from({ length: 100_001 }, () => pngChunk('IDAT', Buffer.alloc(0))),
    pngEnd,
  )
  await assert.rejects(inspectBytes(pieces), { kind: 'too_large', message: /too many chunks/ })
})

test('a GIF is as large as our decoder shows it', async () => {
  const sides = async (...args: Parameters<typeof gifOf>) => {
    const { width, height } = await inspectBytes(gifOf(...args))
    return [width, height]
  }
  assert.deepEqual(await sides([20, 10], [{ left: 3, top: 3 }]), [20, 10])
  assert.deepEqual(
    await sides(
      [20, 10],
      [
        { left: 3, top: 3 },
        { left: 29, top: 4 },
      ],
    ),
    [30, 10],
  )
  // A screen of 800 x 600 is not believed.
  assert.deepEqual(await sides([800, 600], [{ left: 99, top: 49 }]), [100, 50])
  await assert.rejects(sides([20, 10], []), { kind: 'corrupt' })
})

test('JPEG: fill bytes, stray bytes and several scans pass; other codings do not', async () => {
  const jpeg = await readFile(join(hostileDir, 'generated', 'ok-400x300.jpg'))
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  assert.ok(frame > 0)
  const insert = (at: number, bytes: number[]) =>
    Buffer.concat([jpeg.subarray(0, at), Buffer.from(bytes), jpeg.subarray(at)])
  assert.equal((await inspectBytes(insert(frame, [0xff, 0xff]))).width, 400)
  assert.equal((await inspectBytes(insert(frame, [0, 1, 2]))).width, 400)
  assert.equal((await inspectBytes(Buffer.concat([jpeg, Buffer.from('behind')]))).trailingBytes, 6)

  const change = (at: number, byte: number) => {
    const bytes = Buffer.from(jpeg)
    bytes[at] = byte
    return bytes
  }
  await assert.rejects(inspectBytes(change(frame + 1, 0xc3)), { kind: 'unsupported', message: /lossless/ })
  await assert.rejects(inspectBytes(change(frame + 4, 12)), { kind: 'unsupported', message: /8 bits/ })
  await assert.rejects(inspectBytes(change(frame + 9, 2)), { kind: 'corrupt' })
  await assert.rejects(inspectBytes(jpeg.subarray(0, frame)), { kind: 'corrupt' })
  const twice = insert(frame, [...jpeg.subarray(frame, frame + 19)])
  await assert.rejects(inspectBytes(twice), { kind: 'corrupt', message: /twice/ })

  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
  const scans = Array.from({ length: 101 }, () => jpeg.subarray(scan, -2))
  const slow = Buffer.concat([jpeg.subarray(0, scan), ...scans, Buffer.from([0xff, 0xd9])])
  await assert.rejects(inspectBytes(slow), { kind: 'too_large', message: /100 scans/ })
})

test('WebP and AVIF whose parts disagree are corrupt', async () => {
  const webp = await picture(60, 40).ensureAlpha(0.5).webp().toBuffer()
  const canvas = Buffer.from(webp)
  canvas.writeUIntLE(100, 24, 3)
  await assert.rejects(inspectBytes(canvas), { kind: 'corrupt', message: /two different sizes/ })

  const avif = await picture(60, 40).avif({ effort: 0 }).toBuffer()
  const size = avif.indexOf('ispe')
  const empty = Buffer.from(avif)
  empty.writeUInt32BE(0, size + 8)
  await assert.rejects(inspectBytes(empty), { kind: 'corrupt', message: /zero pixels/ })
  const wide = Buffer.from(avif)
  wide.writeUInt32BE(1_000_000, size + 8)
  await assert.rejects(inspectBytes(wide), { kind: 'too_large' })
  await assert.rejects(inspectBytes(avif.subarray(0, -1)), { kind: 'corrupt' })
  assert.equal((await inspectBytes(Buffer.concat([avif, Buffer.from('behind')]))).trailingBytes, 6)
})

test('files of other types are refused by name', async () => {
  const named: [string, string | Buffer][] = [
    ['TIFF pictures', 'II*\0\x08\0\0\0'],
    ['BMP pictures', 'BM\x36\0\0\0\0\0'],
    ['HEIC pictures', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['AVIF animations', '\0\0\0\x18ftypavis\0\0\0\0avismsf1'],
    ['video files', '\0\0\0\x18ftypisom\0\0\0\0isommp42'],
    ['video files', '\x1aE\xdf\xa3\x01'],
    ['JPEG XL pictures', '\xff\x0a\0\0'],
    ['ZIP files', 'PK\x03\x04'],
    ['SVG pictures', '\ufeff  <!-- a --> <svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['text files', 'just a letter\n'],
  ]
  for (const [name, bytes] of named) {
    const encoding = name === 'SVG pictures' ? 'utf8' : 'latin1'
    const verdict = inspectBytes(Buffer.from(bytes.toString(), encoding))
    await assert.rejects(verdict, { kind: 'unsupported', detail: `${name} are not accepted` }, name)
  }
})

test('a byte FF that ends the window in which a JPEG is read is not taken for the end of the file', async () => {
  const noise = {
    width: 400,
    height: 400,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const
  const jpeg = await sharp({ create: { ...noise, background: 'grey' } })
    .jpeg({ quality: 95 })
    .toBuffer()
  const stuffed = jpeg.lastIndexOf(Buffer.from([0xff, 0x00]), 60_000)
  // Comments before it move it to the last place of the first window.
  const room = windowBytes - 1 - stuffed
  const comments = Array.from({ length: 4 }, (_, index) => {
    const comment = Buffer.alloc(Math.floor(room / 4) + (index < room % 4 ? 1 : 0))
    comment.writeUInt16BE(0xfffe, 0)
    comment.writeUInt16BE(comment.length - 2, 2)
    return comment
  })
  const moved = Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
  assert.equal(moved[windowBytes - 1], 0xff)
  assert.equal((await inspectBytes(moved)).width, 400)
})
