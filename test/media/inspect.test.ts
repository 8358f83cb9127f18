import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MediaError } from '../../src/media/errors.ts'
import type { PictureFacts } from '../../src/media/facts.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { animation, blue, green, hostileDir, makeFolder, picture, red } from './sample-pictures.ts'
import { damagedPngSuite, generatedVerdicts, pngSuiteSides } from './verdicts.ts'

const pictures = async (folder: string) =>
  (await readdir(join(hostileDir, folder))).filter((name) => name !== 'LICENSE.txt')

async function verdictOn(path: string) {
  try {
    const { width, height } = await inspectPicture(path)
    return [width, height]
  } catch (error) {
    assert.ok(error instanceof MediaError, String(error))
    assert.equal(error.message, error.detail)
    return [error.kind, error.detail]
  }
}

test('every generated file is accepted with its sides or refused for its reason', async () => {
  const names = await pictures('generated')
  assert.deepEqual(names.toSorted(), [...generatedVerdicts.keys()].toSorted())
  for (const name of names) {
    assert.deepEqual(await verdictOn(join(hostileDir, 'generated', name)), generatedVerdicts.get(name), name)
  }
})

test('every sound file of PngSuite has the facts that its name tells', async () => {
  const names = (await pictures('pngsuite')).filter((name) => !damagedPngSuite.has(name))
  assert.equal(names.length, 161)
  for (const name of names) {
    const facts = await inspectPicture(join(hostileDir, 'pngsuite', name))
    assert.deepEqual([facts.width, facts.height], pngSuiteSides(name), name)
    const [, interlace, type, depth] = /^.*([in])(\d)[gcpa](\d\d)\.png$/.exec(name) ?? []
    if (!interlace) continue
    assert.equal(facts.interlaced, interlace === 'i', name)
    assert.equal(facts.bitDepth, Number(depth), name)
    const hasAlpha = Number(type) >= 4 || /^t[bmp][^0]/.test(name) || name.startsWith('tp1')
    assert.equal(facts.hasAlpha, hasAlpha, name)
    assert.equal(facts.trailingBytes, 0, name)
  }
})

test('every damaged file of PngSuite is refused as corrupt', async () => {
  for (const [name, detail] of damagedPngSuite) {
    assert.deepEqual(await verdictOn(join(hostileDir, 'pngsuite', name)), ['corrupt', detail], name)
  }
})

type Mutation = { index: number; changes: { at: number; byte: number }[]; cut: number | null }

const still = { orientation: 1, bitDepth: 8, interlaced: false, frames: 1, durationMs: 0, trailingBytes: 0 }

async function factsOf(path: string): Promise<Partial<PictureFacts>> {
  const { sizeBytes, ...facts } = await inspectPicture(path)
  assert.equal(sizeBytes, (await readFile(path)).length)
  return facts
}

test('what is not told by sides', async () => {
  const generated = (name: string) => factsOf(join(hostileDir, 'generated', name))
  const sides = { width: 400, height: 300, storedWidth: 400, storedHeight: 300 }
  const jpeg = { format: 'jpeg', mimeType: 'image/jpeg', ...still, ...sides, channels: 3, hasAlpha: false }
  assert.deepEqual(await generated('progressive.jpg'), { ...jpeg, interlaced: true })
  assert.deepEqual(await generated('cmyk.jpg'), { ...jpeg, channels: 4 })
  const turned = { width: 300, height: 400, orientation: 6 }
  assert.deepEqual(await generated('exif-orient-6.jpg'), { ...jpeg, ...turned })

  const png = { ...jpeg, format: 'png', mimeType: 'image/png' }
  assert.deepEqual(await generated('16bit.png'), { ...png, bitDepth: 16 })
  assert.deepEqual(await generated('grey-alpha.png'), { ...png, channels: 2, hasAlpha: true })
  assert.deepEqual(await generated('png-then-html.png'), { ...png, trailingBytes: 52 })

  const gif = { ...jpeg, format: 'gif', mimeType: 'image/gif' }
  // Browsers show a frame without delay for a tenth of a second.
  assert.deepEqual(await generated('gif-zero-delay-loop.gif'), { ...gif, frames: 50, durationMs: 5_000 })
})

test('animations and formats that we have no sample of', async () => {
  await using folder = await makeFolder()
  const path = (name: string) => join(folder.path, name)
  const sides = { width: 60, height: 40, storedWidth: 60, storedHeight: 40 }
  const moving = animation(60, 40, [red, green, blue])

  await moving
    .clone()
    .gif({ delay: [50, 120, 0] })
    .toFile(path('a.gif'))
  const gif = { format: 'gif', mimeType: 'image/gif', ...still, ...sides, channels: 3, hasAlpha: false }
  // What does not change from frame to frame has been written as transparent.
  const changes = { channels: 4, hasAlpha: true }
  assert.deepEqual(await factsOf(path('a.gif')), { ...gif, ...changes, frames: 3, durationMs: 270 })

  await moving
    .clone()
    .webp({ delay: [50, 120, 200] })
    .toFile(path('a.webp'))
  const webp = { ...gif, format: 'webp', mimeType: 'image/webp' }
  assert.deepEqual(await factsOf(path('a.webp')), { ...webp, frames: 3, durationMs: 370 })

  await picture(60, 40).webp({ lossless: true }).toFile(path('lossless.webp'))
  assert.deepEqual(await factsOf(path('lossless.webp')), webp)
  await picture(60, 40).ensureAlpha(0.5).webp().toFile(path('alpha.webp'))
  assert.deepEqual(await factsOf(path('alpha.webp')), { ...webp, channels: 4, hasAlpha: true })

  const avif = { ...gif, format: 'avif', mimeType: 'image/avif' }
  await picture(60, 40).avif({ effort: 0 }).toFile(path('a.avif'))
  assert.deepEqual(await factsOf(path('a.avif')), avif)
  await picture(60, 40).ensureAlpha(0.5).avif({ effort: 0 }).toFile(path('alpha.avif'))
  assert.deepEqual(await factsOf(path('alpha.avif')), { ...avif, channels: 4, hasAlpha: true })
})

test('limits given replace the defaults', async () => {
  const path = join(hostileDir, 'generated', 'ok-400x300.png')
  await assert.rejects(inspectPicture(path, { sidePixels: 399 }), { kind: 'too_large' })
  await assert.rejects(inspectPicture(path, { stillPixels: 119_999 }), { kind: 'too_large' })
  await assert.rejects(inspectPicture(path, { decodedBytes: 359_999 }), { kind: 'too_large' })
  const exact = { sidePixels: 400, stillPixels: 120_000, decodedBytes: 360_000, interlacedBytes: 1 }
  assert.equal((await inspectPicture(path, exact)).width, 400)
  const progressive = join(hostileDir, 'generated', 'progressive.jpg')
  await assert.rejects(inspectPicture(progressive, { interlacedBytes: 359_999 }), { kind: 'too_large' })
  const moving = join(hostileDir, 'generated', 'gif-zero-delay-loop.gif')
  await assert.rejects(inspectPicture(moving, { frames: 49 }), { kind: 'too_large' })
  await assert.rejects(inspectPicture(moving, { animationPixels: 5_999_999 }), { kind: 'too_large' })
})

test('a file that is not there is an error of the file system', async () => {
  await assert.rejects(inspectPicture(join(hostileDir, 'no-such.png')), { code: 'ENOENT' })
})

test('a picture with any bytes changed or cut off is judged, never a crash', async () => {
  await using folder = await makeFolder()
  const [avif, webp] = [join(folder.path, 'a.avif'), join(folder.path, 'a.webp')]
  await picture(30, 20)
    .withExif({ IFD0: { Make: 'Optica' } })
    .avif({ effort: 0 })
    .toFile(avif)
  await animation(30, 20, [red, blue]).webp().toFile(webp)
  const named = (name: string) => join(hostileDir, 'generated', name)
  const paths = [avif, webp, named('exif-gps.jpg'), named('ok-400x300.gif'), named('ok-400x300.webp')]
  const originals = await Promise.all(paths.map((path) => readFile(path)))

  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
  const changes = fc.array(change, { minLength: 1, maxLength: 8 })
  const mutated = fc.record({ index: fc.nat({ max: paths.length - 1 }), changes, cut: fc.option(fc.nat()) })
  const judge = async ({ index, changes: list, cut }: Mutation) => {
    const bytes = Buffer.from(originals[index] ?? Buffer.alloc(0))
    // Most of what matters stands at the beginning.
    for (const { at, byte } of list) bytes[at % Math.min(bytes.length, 600)] = byte
    const path = join(folder.path, 'mutated')
    await writeFile(path, cut === null ? bytes : bytes.subarray(0, cut % bytes.length))
    const facts = await inspectPicture(path).catch((error: unknown) => error)
    if (facts instanceof Error) assert.ok(facts instanceof MediaError, facts.stack)
  }
  await fc.assert(fc.asyncProperty(mutated, judge), { numRuns: 600 })
})
