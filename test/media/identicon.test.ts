import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { drawIdenticon } from '../../src/media/identicon.ts'

test('an identicon is a square PNG, the same for the same seed', async () => {
  for (const side of [16, 65, 128]) {
    const metadata = await sharp(drawIdenticon('ada', side)).metadata()
    assert.deepEqual([metadata.format, metadata.width, metadata.height], ['png', side, side])
  }
  assert.deepEqual(drawIdenticon('ada', 64), drawIdenticon('ada', 64))
  const seeds = Array.from({ length: 200 }, (_, index) => `account ${index}`)
  assert.equal(new Set(seeds.map((seed) => drawIdenticon(seed, 16).toString('base64'))).size, 200)
})

test('it is mirrored, and shows something on its ground', async () => {
  for (const seed of ['ada', 'grace', '', '\u{1F338}']) {
    const { data } = await sharp(drawIdenticon(seed, 64)).raw().toBuffer({ resolveWithObject: true })
    const pixel = (x: number, y: number) => data.toString('hex', (y * 64 + x) * 3, (y * 64 + x) * 3 + 3)
    const colours = new Set<string>()
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 32; x++) {
        assert.equal(pixel(x, y), pixel(63 - x, y), `${seed} ${x},${y}`)
        colours.add(pixel(x, y))
      }
    }
    assert.ok(colours.size > 1)
  }
})

test('sides out of range are refused', () => {
  for (const side of [0, 15, 1025, 64.5, Number.NaN])
    assert.throws(() => drawIdenticon('ada', side), RangeError)
})
