import assert from 'node:assert/strict'
import { test } from 'node:test'
import { thumbHashToAverageRGBA } from 'thumbhash'
import { analyse, smallSide } from '../../src/media/analyse.ts'
import { dominantColours } from '../../src/media/colours.ts'
import { quadrants } from './sample-pictures.ts'

function withAlpha(pixels: Buffer, alpha = 255): Buffer {
  const rgba = Buffer.alloc((pixels.length / 3) * 4, alpha)
  for (let index = 0; index * 3 < pixels.length; index++)
    pixels.copy(rgba, index * 4, index * 3, index * 3 + 3)
  return rgba
}

function distance(a: string, b: string): number {
  const bits = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)
  return bits.replaceAll('0', '').length
}

/** Waves of all directions, long ones stronger than short ones as in photographs; others for each seed. */
function waves(width: number, height: number, seed: number, change = (value: number) => value): Buffer {
  let state = seed * 7919
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5
  const parts = Array.from({ length: 100 }, (_, index) => {
    const [across, down] = [index % 10, Math.floor(index / 10)]
    return { across, down, strength: (next() * 220) / (1 + across + down) }
  })
  const pixels = Buffer.alloc(width * height * 3)
  for (let index = 0; index < width * height; index++) {
    const x = ((index % width) + 0.5) / width
    const y = (Math.floor(index / width) + 0.5) / height
    let light = 128
    for (const { across, down, strength } of parts) {
      light += strength * Math.cos(Math.PI * across * x) * Math.cos(Math.PI * down * y)
    }
    pixels.fill(Math.max(0, Math.min(255, change(light))), index * 3, index * 3 + 3)
  }
  return withAlpha(pixels)
}

test('the four colours of four quadrants, and their luma', () => {
  const found = analyse({ width: 64, height: 48, rgba: withAlpha(quadrants(64, 48)) })
  assert.deepEqual(
    found.colours.toSorted((a, b) => a.hex.localeCompare(b.hex)),
    [
      { hex: '#1ea03c', share: 0.25 },
      { hex: '#283cc8', share: 0.25 },
      { hex: '#dc1e1e', share: 0.25 },
      { hex: '#f0d228', share: 0.25 },
    ],
  )
  // 0.2126 R + 0.7152 G + 0.0722 B
  assert.deepEqual(found.intensities, { nw: 70.39, ne: 125.14, sw: 65.86, se: 204.1 })
  assert.match(found.perceptualHash, /^[0-9a-f]{16}$/)
})

test('shares add up to 1 and nearly equal colours are one', () => {
  const colours = dominantColours(waves(64, 64, 3))
  assert.ok(colours.length >= 2 && colours.length <= 8)
  assert.equal(Math.round(colours.reduce((sum, { share }) => sum + share, 0) * 10_000), 10_000)
  assert.deepEqual(
    colours.map(({ share }) => share),
    colours.map(({ share }) => share).toSorted((a, b) => b - a),
  )
  const nearly = Buffer.from([100, 100, 100, 255, 103, 101, 99, 255, 98, 97, 101, 255])
  assert.equal(dominantColours(nearly).length, 1)
  assert.deepEqual(dominantColours(waves(64, 64, 3)), colours)
})

test('what cannot be seen has no colour and counts as white', () => {
  const found = analyse({ width: 10, height: 10, rgba: withAlpha(quadrants(10, 10), 0) })
  assert.deepEqual(found.colours, [])
  assert.deepEqual(found.intensities, { nw: 255, ne: 255, sw: 255, se: 255 })
  assert.equal(found.perceptualHash, '0000000000000000')
})

test('a picture of one pixel has all of it', () => {
  const found = analyse({ width: 1, height: 1, rgba: Buffer.from([200, 100, 50, 255]) })
  assert.deepEqual(found.colours, [{ hex: '#c86432', share: 1 }])
  assert.deepEqual(found.intensities, { nw: 117.65, ne: 117.65, sw: 117.65, se: 117.65 })
  const { r, g } = thumbHashToAverageRGBA(Buffer.from(found.placeholder, 'base64'))
  assert.ok(Math.abs(r * 255 - 200) < 15 && Math.abs(g * 255 - 100) < 15)
})

test('the perceptual hash is near for the same picture and far for another', () => {
  const hash = (width: number, height: number, rgba: Buffer) =>
    analyse({ width, height, rgba }).perceptualHash
  for (const seed of [1, 2, 3, 4]) {
    const original = hash(smallSide, smallSide, waves(smallSide, smallSide, seed))
    assert.ok(
      distance(original, hash(40, 50, waves(40, 50, seed))) <= 6,
      `size ${seed}: ${distance(original, hash(40, 50, waves(40, 50, seed)))}`,
    )
    const brighter = waves(smallSide, smallSide, seed, (value) => value * 0.8 + 40)
    assert.ok(distance(original, hash(smallSide, smallSide, brighter)) <= 6, `light ${seed}`)
    const other = hash(smallSide, smallSide, waves(smallSide, smallSide, seed + 1))
    assert.ok(distance(original, other) >= 14, `other ${seed}: ${distance(original, other)}`)
  }
  // Stored values depend on this one: hashes must be made anew if it changes.
  assert.equal(hash(64, 48, withAlpha(quadrants(64, 48))), '8800220088002200')
})
