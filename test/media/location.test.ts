import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { default as exifr } from 'exifr'
import sharp, { type Sharp } from 'sharp'
import type { PictureFormat } from '../../src/media/facts.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { stripLocation } from '../../src/media/location.ts'
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

    assert.equal(await stripLocation(path, out, format), true)
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
    assert.equal(await stripLocation(out, join(folder.path, 'again'), format), false)
  })

  test(`${format}: XMP that names a place goes, other XMP stays`, async () => {
    await using folder = await makeFolder()
    const [path, out] = [join(folder.path, 'in'), join(folder.path, 'out')]
    await encoders[format](picture(60, 40).withExif(place).withXmp(placeXmp)).toFile(path)
    assert.equal(await stripLocation(path, out, format), true)
    assert.ok(!(await readFile(out)).includes('GPSLatitude'))
    assert.deepEqual(await pixelsOf(out), await pixelsOf(path))
    assert.equal((await exifOf(out))['Make'], 'Optica')
    assert.equal((await inspectPicture(out)).trailingBytes, 0)

    // PNG encoders deflate XMP, and what would have to be inflated is not looked into: it goes.
    if (format === 'png') return
    const plain = join(folder.path, 'plain')
    await encoders[format](picture(60, 40).withExif(camera).withXmp(plainXmp)).toFile(plain)
    const none = join(folder.path, 'none')
    assert.equal(await stripLocation(plain, none, format), false)
    assert.equal(existsSync(none), false)
  })
}

test('the position of a given file is gone', async () => {
  await using folder = await makeFolder()
  const [path, out] = [join(hostileDir, 'generated', 'exif-gps.jpg'), join(folder.path, 'out')]
  assert.notEqual(await gps(path), undefined)
  assert.equal(await stripLocation(path, out, 'jpeg'), true)
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
  assert.equal(await stripLocation(path, out, 'jpeg'), true)
  const copy = await readFile(out)
  assert.equal(copy.length, first.length + second.length)
  assert.deepEqual(copy.subarray(0, first.length), first)
  assert.ok(!copy.includes('39300000', 0, 'hex') && !copy.includes('00003039', 0, 'hex'))
  assert.equal(await gps(copy.subarray(first.length)), undefined)

  for (const format of ['png', 'webp'] as const) {
    const plain = await encoders[format](picture(60, 40)).toBuffer()
    await writeFile(path, Buffer.concat([plain, Buffer.from('<html>')]))
    const cut = join(folder.path, `cut.${format}`)
    assert.equal(await stripLocation(path, cut, format), true)
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

  const cases: [PictureFormat, Buffer, Buffer][] = [
    ['png', withChunk('zTXt', 'Raw profile type exif\0\0junk'), png],
    ['png', withChunk('tEXt', 'Raw profile type APP1\0junk'), png],
    ['png', withChunk('tEXt', 'Comment\0GPS 51.5 N'), png],
    ['png', withChunk('iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0junk'), png],
    ['png', withChunk('eXIf', 'not TIFF at all'), png],
    ['jpeg', withSegment(0xe1, 'Exif\0\0not TIFF at all'), jpeg],
    ['jpeg', withSegment(0xed, `${irb}\x1c\x02\x5a\0\x07Harbour`), jpeg],
    [
      'jpeg',
      withSegment(0xe1, `http://ns.adobe.com/xmp/extension/\0${'0'.repeat(40)}exif:GPSLatitude`),
      jpeg,
    ],
    ['gif', withXmp, gif],
  ]
  for (const [index, [format, bytes, expected]] of cases.entries()) {
    await writeFile(path, bytes)
    assert.equal(await stripLocation(path, `${out}${index}`, format), true, `case ${index}`)
    assert.deepEqual(await readFile(`${out}${index}`), expected, `case ${index}`)
  }
  for (const [format, bytes] of [
    ['png', withChunk('tEXt', 'Title\0Boats')],
    ['jpeg', withSegment(0xed, `${irb}\x1c\x02\x78\0\x05Boats`)],
  ] as const) {
    await writeFile(path, bytes)
    assert.equal(await stripLocation(path, join(folder.path, 'none'), format), false)
  }
})

test('a copy is never written over a file, and never half', async () => {
  await using folder = await makeFolder()
  const out = join(folder.path, 'out')
  await writeFile(out, 'precious')
  const path = join(hostileDir, 'generated', 'exif-gps.jpg')
  await assert.rejects(stripLocation(path, out, 'jpeg'), { code: 'EEXIST' })
  assert.equal(await readFile(out, 'utf8'), 'precious')
  const broken = join(hostileDir, 'generated', 'trunc-50.jpg')
  await assert.rejects(stripLocation(broken, join(folder.path, 'other'), 'jpeg'), { kind: 'corrupt' })
  assert.deepEqual(await folder.names(), ['out'])
})
