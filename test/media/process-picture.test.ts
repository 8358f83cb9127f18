import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { default as exifr } from 'exifr'
import sharp from 'sharp'
import { placeRendition } from '../../src/media/geometry.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { openMedia, type Media } from '../../src/media/pool.ts'
import type { RenditionSpec } from '../../src/media/processed.ts'
import {
  animation,
  asStored,
  blue,
  difference,
  gifOf,
  green,
  hostileDir,
  makeFolder,
  picture,
  pngChunk,
  pngEnd,
  pngHeader,
  pixelsOf,
  pngOf,
  quadrants,
  red,
} from './sample-pictures.ts'
import { damagedPngSuite, generatedVerdicts } from './verdicts.ts'

const { gps } = exifr

const workerPath = join(import.meta.dirname, '..', '..', 'src', 'media', 'worker.ts')
const whole: RenditionSpec = { name: 'whole', width: 4096, height: 4096, fit: 'inside', animate: false }
const normal: RenditionSpec = { name: 'normal', width: 400, height: 300, fit: 'cover', animate: false }
const teaser: RenditionSpec = { name: 'teaser', width: 64, height: 48, fit: 'cover', animate: false }
const thumb: RenditionSpec = { name: 'thumb', width: 20, height: 20, fit: 'inside', animate: false }

describe('processing pictures', () => {
  let media: Media
  before(() => {
    media = openMedia({ workerPath, execArgv: ['--import', 'tsx'], queueLimit: 1_000 })
  })
  after(() => media.close())

  test('every accepted file comes out with the right sides, as plain sRGB without metadata', async () => {
    await using folder = await makeFolder()
    const suite = (await readdir(join(hostileDir, 'pngsuite'))).filter((name) => name.endsWith('.png'))
    const paths = [
      ...[...generatedVerdicts]
        .filter(([, [first]]) => typeof first === 'number')
        .map(([name]) => `generated/${name}`),
      ...suite.filter((name) => !damagedPngSuite.has(name)).map((name) => `pngsuite/${name}`),
    ]
    assert.equal(paths.length, 192)
    const check = async (name: string) => {
      const path = join(hostileDir, name)
      const facts = await inspectPicture(path)
      const request = { path, outputDir: folder.path, renditions: [normal, teaser, thumb] }
      const { renditions, intensities } = await media.processPicture(request)
      assert.deepEqual(
        renditions.map((rendition) => rendition.name),
        ['normal', 'teaser', 'thumb'],
      )
      for (const [index, spec] of request.renditions.entries()) {
        const { width, height } = placeRendition(facts, spec)
        const made = renditions[index]
        assert.ok(made)
        assert.deepEqual(
          [made.width, made.height, made.format, made.animated],
          [width, height, facts.format, false],
        )
        const bytes = await readFile(made.path)
        assert.equal(bytes.length, made.sizeBytes)
        const found = await sharp(bytes).metadata()
        assert.deepEqual([found.width, found.height, found.mediaType], [width, height, made.mimeType], name)
        assert.deepEqual(
          [found.space, found.depth, found.hasProfile, found.pages ?? 1],
          ['srgb', 'uchar', false, 1],
          name,
        )
        assert.deepEqual(
          [found.exif, found.xmp, found.iptc, found.icc],
          [undefined, undefined, undefined, undefined],
        )
      }
      assert.ok(
        Object.values(intensities).every((value) => value >= 0 && value <= 255),
        name,
      )
    }
    const results = await Promise.allSettled(paths.map(check))
    const failed = results.flatMap((result, index) =>
      result.status === 'rejected' ? [[paths[index], result.reason]] : [],
    )
    assert.deepEqual(failed, [])
  })

  test('the eight orientations end equal', async () => {
    await using folder = await makeFolder()
    const [width, height] = [120, 80]
    const upright = quadrants(width, height)
    const request = { outputDir: folder.path, renditions: [whole, teaser] }
    for (let orientation = 1; orientation <= 8; orientation++) {
      const stored = asStored(orientation, width, height, upright)
      for (const format of ['jpeg', 'png', 'webp'] as const) {
        const path = join(folder.path, `${orientation}.${format}`)
        const image = picture(stored.width, stored.height, stored.pixels).withMetadata({ orientation })
        await (
          format === 'webp' ? image.webp({ lossless: true }) : image.toFormat(format, { quality: 95 })
        ).toFile(path)
        const facts = await inspectPicture(path)
        assert.deepEqual(
          [facts.width, facts.height, facts.storedWidth, facts.orientation],
          [width, height, stored.width, orientation],
        )

        const { renditions } = await media.processPicture({ ...request, path })
        const [large, small] = renditions
        assert.ok(large && small)
        assert.deepEqual([large.width, large.height, small.width, small.height], [width, height, 64, 48])
        assert.ok(difference(await pixelsOf(large.path), upright) < 4, `${orientation} ${format}`)
      }
    }
  })

  test('a GIF or WebP keeps frames, delays and rounds where that is asked for', async () => {
    await using folder = await makeFolder()
    const moving = animation(90, 60, [red, green, blue])
    const timing = { delay: [50, 120, 200], loop: 3 }
    await moving.clone().gif(timing).toFile(join(folder.path, 'a.gif'))
    await moving
      .clone()
      .webp({ ...timing, lossless: true })
      .toFile(join(folder.path, 'a.webp'))
    const renditions = [
      { ...whole, animate: true },
      { ...teaser, width: 40, height: 40, animate: true },
      { ...thumb, animate: false },
    ]
    for (const name of ['a.gif', 'a.webp']) {
      const made = await media.processPicture({
        path: join(folder.path, name),
        outputDir: folder.path,
        renditions,
      })
      const found = await Promise.all(
        made.renditions.map(({ path }) => sharp(path, { animated: true }).metadata()),
      )
      const told = found.map(({ width, height, pageHeight, pages, delay, loop }) => ({
        width,
        height: pageHeight ?? height,
        pages,
        delay,
        loop,
      }))
      const kept = { pages: 3, delay: [50, 120, 200], loop: 3 }
      assert.deepEqual(
        told.slice(0, 2),
        [
          { width: 90, height: 60, ...kept },
          { width: 40, height: 40, ...kept },
        ],
        name,
      )
      assert.deepEqual([told[2]?.width, told[2]?.height, told[2]?.pages ?? 1], [20, 13, 1])
      assert.deepEqual(
        made.renditions.map(({ animated }) => animated),
        [true, true, false],
      )
      // The analysis is of the first frame.
      assert.deepEqual(
        made.colours.map(({ share }) => share),
        [1],
      )
      const second = await sharp(made.renditions[1]?.path, { page: 1 }).removeAlpha().raw().toBuffer()
      assert.ok(difference(second.subarray(0, 3), Buffer.from(green)) < 8)
    }
  })

  test('a still rendition of an animation is its first frame on the whole canvas', async () => {
    await using folder = await makeFolder()
    const path = join(folder.path, 'corner.gif')
    await writeFile(
      path,
      gifOf(
        [20, 10],
        [
          { left: 19, top: 9 },
          { left: 0, top: 0 },
        ],
      ),
    )
    const { renditions } = await media.processPicture({ path, outputDir: folder.path, renditions: [whole] })
    const { data, info } = await sharp(renditions[0]?.path)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.width, info.height], [20, 10])
    assert.notEqual(data.toString('hex', 0, 3), 'c80a0a', 'the second frame is not there')
    assert.equal(data.toString('hex', data.length - 3), 'c80a0a', 'the first frame is')
  })

  test('AVIF and pictures smaller than the box', async () => {
    await using folder = await makeFolder()
    const path = join(folder.path, 'a.avif')
    await picture(300, 200).avif({ effort: 0, lossless: true }).toFile(path)
    const { renditions } = await media.processPicture({ path, outputDir: folder.path, renditions: [normal] })
    assert.deepEqual(
      renditions.map(({ width, height, format, mimeType }) => [width, height, format, mimeType]),
      [[267, 200, 'webp', 'image/webp']],
    )
  })

  test('the camera is told, the place is not', async () => {
    await using folder = await makeFolder()
    const path = join(folder.path, 'camera.jpg')
    const exif = {
      IFD0: { Make: 'Optica', Model: ' Mark\u0007 II ' },
      IFD2: {
        DateTimeOriginal: '2026:03:04 10:11:12',
        ExposureTime: '1/200',
        FNumber: '28/10',
        ISOSpeedRatings: '400',
        FocalLength: '35/1',
        LensModel: 'Prime 35',
      },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '51/1 30/1 0/1',
        GPSLongitudeRef: 'W',
        GPSLongitude: '0/1 7/1 0/1',
      },
    }
    await picture(120, 80).withExif(exif).jpeg().toFile(path)
    assert.deepEqual((await gps(path))?.latitude, 51.5)
    const { camera, renditions } = await media.processPicture({
      path,
      outputDir: folder.path,
      renditions: [whole],
    })
    assert.deepEqual(camera, {
      make: 'Optica',
      model: 'Mark II',
      lens: 'Prime 35',
      exposureTime: 0.005,
      fNumber: 2.8,
      iso: 400,
      focalLength: 35,
      takenAt: '2026-03-04T10:11:12',
    })
    const [made] = renditions
    assert.ok(made)
    assert.equal(await gps(made.path), undefined)

    const given = join(hostileDir, 'generated', 'exif-gps.jpg')
    assert.notEqual(await gps(given), undefined)
    const stripped = await media.processPicture({ path: given, outputDir: folder.path, renditions: [normal] })
    assert.equal(stripped.camera, null)
    const bytes = await readFile(stripped.renditions[0]?.path ?? '')
    assert.equal(bytes.includes('Exif'), false)
  })

  test('what cannot be decoded is corrupt and leaves nothing behind', async () => {
    await using folder = await makeFolder()
    await using output = await makeFolder()
    const path = join(folder.path, 'broken.png')
    await writeFile(
      path,
      pngOf(pngHeader({ width: 50, height: 50 }), pngChunk('IDAT', Buffer.from('junk')), pngEnd),
    )
    const request = { path, outputDir: output.path, renditions: [teaser, thumb] }
    const problem = { name: 'MediaError', kind: 'corrupt', detail: 'the picture cannot be decoded' }
    await assert.rejects(media.processPicture(request), problem)
    const svg = join(hostileDir, 'generated', 'svg-script.svg')
    await assert.rejects(media.processPicture({ ...request, path: svg }), { kind: 'unsupported' })

    // The still is made from the first frame before the animation fails at the last.
    const moving = join(folder.path, 'moving.webp')
    const bytes = await animation(90, 60, [red, green, blue]).webp({ lossless: true }).toBuffer()
    bytes.fill(0xff, bytes.lastIndexOf('VP8L') + 14)
    await writeFile(moving, bytes)
    const mixed = { path: moving, outputDir: output.path, renditions: [thumb, { ...whole, animate: true }] }
    await assert.rejects(media.processPicture(mixed), problem)
    assert.equal(
      (await media.processPicture({ ...mixed, outputDir: folder.path, renditions: [thumb] })).renditions
        .length,
      1,
    )
    assert.deepEqual(await output.names(), [])
  })
})
