import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { buffer } from 'node:stream/consumers'
import { default as exifr } from 'exifr'
import sharp, { type Sharp } from 'sharp'
import { windowBytes } from '../../src/media/byte-source.ts'
import type { PictureFormat } from '../../src/media/facts.ts'
import { examinePicture, inspectPicture } from '../../src/media/inspect.ts'
import { withoutLocation } from '../../src/media/location.ts'
import { hostileDir, makeFolder, picture, pngChunk } from './sample-pictures.ts'

const { gps, parse } = exifr

const camera = { IFD0: { Make: 'Optica', Model: 'Mark II' } }
const place = {
  ...camera,
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '12345/1000 1/1 2/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '77777/1000 1/1 2/1',
  },
}
const xmp = (inner: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${inner}/></rdf:RDF></x:xmpmeta>`
const placeXmp = xmp('xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="12,20.7N"')
const plainXmp = xmp('xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"')

const encoders: Record<Exclude<PictureFormat, 'gif'>, (image: Sharp) => Sharp> = {
  jpeg: (image) => image.jpeg(),
  png: (image) => image.png(),
  webp: (image) => image.webp(),
  avif: (image) => image.avif({ effort: 0 }),
}
const formats = ['jpeg', 'png', 'webp', 'avif'] as const

async function exifOf(path: string): Promise<Record<string, unknown>> {
  const { exif } = await sharp(path).metadata()
  if (!exif) return {}
  const found: unknown = await parse(exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0), true)
  return { ...(typeof found === 'object' ? found : null) }
}

/** Writes the copy, if there is one to be made, and says whether. */
async function stripLocation(path: string, out: string): Promise<boolean> {
  const copy = await withoutLocation(await examinePicture(path))
  if (copy) await writeFile(out, copy)
  return copy !== null
}

async function pixelsOf(path: string): Promise<Buffer> {
  return await sharp(path).raw().toBuffer()
}

for (const format of formats) {
  test(`${format}: the place goes, the camera and every pixel stay`, async () => {
    await using folder = await makeFolder()
    const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
    const orientation = format === 'avif' ? 1 : 6
    await encoders[format](picture(60, 40).withMetadata({ orientation }).withExifMerge(place)).toFile(path)
    const before = await exifOf(path)
    assert.ok('GPSLatitude' in before && 'latitude' in before)

    assert.equal(await stripLocation(path, out), true)
    const after = await exifOf(out)
    assert.deepEqual(
      Object.keys(after).filter((key) => /gps|latitude|longitude/i.test(key)),
      [],
    )
    assert.deepEqual([after['Make'], after['Model']], ['Optica', 'Mark II'])
    assert.equal((await inspectPicture(out)).orientation, orientation)
    assert.deepEqual(await pixelsOf(out), await pixelsOf(path))

    const [original, copy] = [await readFile(path), await readFile(out)]
    assert.equal(copy.length, original.length)
    // The numerators 12345 and 77777, in either byte order.
    for (const bytes of ['00003039', '39300000', '00012fd1', 'd12f0100'])
      assert.ok(!copy.includes(bytes, 0, 'hex'))
    assert.equal(await stripLocation(out, join(folder.path, 'again')), false)
  })

  test(`${format}: XMP that names a place goes, other XMP stays`, async () => {
    await using folder = await makeFolder()
    const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
    await encoders[format](picture(60, 40).withExif(place).withXmp(placeXmp)).toFile(path)
    assert.equal(await stripLocation(path, out), true)
    assert.ok(!(await readFile(out)).includes('GPSLatitude'))
    assert.deepEqual(await pixelsOf(out), await pixelsOf(path))
    assert.equal((await exifOf(out))['Make'], 'Optica')
    assert.equal((await inspectPicture(out)).trailingBytes, 0)

    // PNG encoders deflate XMP, and what would have to be inflated is not looked into: it goes.
    if (format === 'png') return
    const plain = join(folder.path, 'plain')
    await encoders[format](picture(60, 40).withExif(camera).withXmp(plainXmp)).toFile(plain)
    const none = join(folder.path, 'none')
    assert.equal(await stripLocation(plain, none), false)
    assert.equal(existsSync(none), false)
  })
}

test('the position of a given file is gone', async () => {
  await using folder = await makeFolder()
  const [path, out] = [join(hostileDir, 'generated', 'exif-gps.jpg'), join(folder.path, 'out')]
  assert.notEqual(await gps(path), undefined)
  assert.equal(await stripLocation(path, out), true)
  assert.equal(await gps(out), undefined)
  const kept: unknown = await parse(out)
  assert.ok(Object.keys(Object(kept)).includes('Artist'))
  const [original, copy] = [await readFile(path), await readFile(out)]
  const data = original.indexOf('ffdb', 0, 'hex')
  assert.deepEqual(copy.subarray(data), original.subarray(data))
})

test('what is appended behind a picture goes; further pictures of a JPEG stay, without their place', async () => {
  await using folder = await makeFolder()
  const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
  const first = await picture(60, 40).jpeg().toBuffer()
  const second = await picture(30, 20).withExif(place).jpeg().toBuffer()
  await writeFile(path, Buffer.concat([first, second, Buffer.from('a film')]))
  assert.equal(await stripLocation(path, out), true)
  const copy = await readFile(out)
  assert.equal(copy.length, first.length + second.length)
  assert.deepEqual(copy.subarray(0, first.length), first)
  assert.ok(!copy.includes('39300000', 0, 'hex') && !copy.includes('00003039', 0, 'hex'))
  assert.equal(await gps(copy.subarray(first.length)), undefined)

  for (const format of ['png', 'webp'] as const) {
    const plain = await encoders[format](picture(60, 40)).toBuffer()
    await writeFile(path, Buffer.concat([plain, Buffer.from('<html>')]))
    const cut = join(folder.path, `cut.${format}`)
    assert.equal(await stripLocation(path, cut), true)
    assert.deepEqual(await readFile(cut), plain)
  }
})

test('EXIF, XMP or IPTC hidden in other blocks', async () => {
  await using folder = await makeFolder()
  const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
  const png = await picture(60, 40).png().toBuffer()
  const withChunk = (type: string, text: string) =>
    Buffer.concat([png.subarray(0, 33), pngChunk(type, Buffer.from(text, 'latin1')), png.subarray(33)])
  const jpeg = await picture(60, 40).jpeg().toBuffer()
  const withSegment = (marker: number, text: string) => {
    const content = Buffer.from(text, 'latin1')
    const head = Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255])
    return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)])
  }
  const gif = await picture(60, 40).gif().toBuffer()
  const magic = Buffer.from([1, ...Array.from({ length: 256 }, (_, index) => 255 - index), 0])
  const app = Buffer.concat([Buffer.from('\x21\xff\x0bXMP DataXMP', 'latin1'), Buffer.from(placeXmp), magic])
  const withXmp = Buffer.concat([gif.subarray(0, -1), app, gif.subarray(-1)])
  const irb = 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c'

  const cases: [Buffer, Buffer][] = [
    [withChunk('zTXt', 'Raw profile type exif\0\0junk'), png],
    [withChunk('tEXt', 'Raw profile type APP1\0junk'), png],
    [withChunk('tEXt', 'Comment\0GPS 51.5 N'), png],
    [withChunk('iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0junk'), png],
    [withChunk('eXIf', 'not TIFF at all'), png],
    [withSegment(0xe1, 'Exif\0\0not TIFF at all'), jpeg],
    [withSegment(0xed, `${irb}\x1c\x02\x5a\0\x07Harbour`), jpeg],
    [withSegment(0xe1, `http://ns.adobe.com/xmp/extension/\0${'0'.repeat(40)}exif:GPSLatitude`), jpeg],
    [withXmp, gif],
  ]
  for (const [index, [bytes, expected]] of cases.entries()) {
    await writeFile(path, bytes)
    assert.equal(await stripLocation(path, `${out}${index}`), true, `case ${index}`)
    assert.deepEqual(await readFile(`${out}${index}`), expected, `case ${index}`)
  }
  for (const bytes of [
    withChunk('tEXt', 'Title\0Boats'),
    withSegment(0xed, `${irb}\x1c\x02\x78\0\x05Boats`),
  ]) {
    await writeFile(path, bytes)
    assert.equal(await stripLocation(path, join(folder.path, 'none')), false)
  }
})

test('a patch may lie across the pieces that a copy is read in', async () => {
  await using folder = await makeFolder()
  const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
  const jpeg = await picture(60, 40).withExif(place).jpeg().toBuffer()
  const exif = jpeg.indexOf('Exif\0\0')
  // Comments move the block with the place to where the first piece ends: a few bytes more with every round.
  for (let behind = 0; behind < 400; behind += 61) {
    await writeFile(path, moved(jpeg, windowBytes - exif - behind))
    assert.equal(await stripLocation(path, out), true)
    const [copy, expected] = [await readFile(out), join(folder.path, 'expected')]
    await writeFile(path, jpeg)
    assert.equal(await stripLocation(path, expected), true)
    assert.deepEqual(copy, moved(await readFile(expected), windowBytes - exif - behind), `${behind} bytes`)
  }
})

/** The same JPEG, `bytes` longer by comments behind its first marker. */
function moved(jpeg: Buffer, bytes: number): Buffer {
  const comments = Array.from({ length: 5 }, (_, index) => {
    const length = Math.floor(bytes / 5) + (index < bytes % 5 ? 1 : 0)
    const comment = Buffer.alloc(length)
    comment.writeUInt16BE(0xfffe)
    comment.writeUInt16BE(length - 2, 2)
    return comment
  })
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}

test('of a file that has become shorter there is no copy', async () => {
  await using folder = await makeFolder()
  const path = join(folder.path, 'in')
  await writeFile(path, await picture(60, 40).withExif(place).jpeg().toBuffer())
  const copy = await withoutLocation(await examinePicture(path))
  assert.ok(copy)
  await truncate(path, 400)
  await assert.rejects(buffer(copy), { name: 'MediaError', kind: 'corrupt' })
})
