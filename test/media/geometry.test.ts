import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cropAt, placeRendition, scaleWhole, type Fit, type Size } from '../../src/media/geometry.ts'

const size = (text: string): Size => {
  const [width = 0, height = 0] = text.split('x').map(Number)
  return { width, height }
}

test('the sizes of renditions', () => {
  const cases: [picture: string, fit: Fit, box: string, size: string][] = [
    ['800x600', 'cover', '400x300', '400x300'],
    ['3000x2000', 'cover', '400x300', '400x300'],
    ['300x200', 'cover', '400x300', '267x200'],
    ['1000x200', 'cover', '400x300', '267x200'],
    ['400x300', 'cover', '400x300', '400x300'],
    ['1x1', 'cover', '400x300', '1x1'],
    ['10000x1', 'cover', '100x100', '1x1'],
    ['401x300', 'inside', '200x150', '200x150'],
    ['3000x2000', 'inside', '1280x1024', '1280x853'],
    ['300x200', 'inside', '400x300', '300x200'],
    ['10000x1', 'inside', '100x100', '100x1'],
    ['500x4000', 'inside', '1024x4096', '500x4000'],
  ]
  for (const [picture, fit, box, expected] of cases) {
    const { width, height } = placeRendition(size(picture), { ...size(box), fit })
    assert.equal(`${width}x${height}`, expected, `${picture} ${fit} ${box}`)
  }
})

test('a crop is centred', () => {
  const { crop } = placeRendition(size('3000x2000'), { ...size('400x300'), fit: 'cover' })
  const rounded = Object.fromEntries(Object.entries(crop).map(([side, value]) => [side, Math.round(value)]))
  assert.deepEqual(rounded, { width: 2667, height: 2000, left: 167, top: 0 })
})

test('whatever the sides, nothing is enlarged and every crop lies within the picture', () => {
  const side = fc.integer({ min: 1, max: 16_384 })
  const fit = fc.constantFrom<Fit>('cover', 'inside')
  const check = (width: number, height: number, boxWidth: number, boxHeight: number, way: Fit) => {
    const picture = { width, height }
    const placement = placeRendition(picture, { width: boxWidth, height: boxHeight, fit: way })
    assert.ok(placement.width >= 1 && placement.width <= Math.min(width, boxWidth))
    assert.ok(placement.height >= 1 && placement.height <= Math.min(height, boxHeight))

    const whole = scaleWhole(picture, placement.scale)
    const cut = cropAt(placement, picture, whole)
    assert.ok(cut.left >= 0 && cut.top >= 0 && cut.width >= 1 && cut.height >= 1)
    assert.ok(cut.left + cut.width <= whole.width && cut.top + cut.height <= whole.height)
    // At its own scale a rendition is cut out and not resized, but for sides that were rounded up to 1.
    if (placement.scale * Math.min(width, height) >= 1) {
      assert.deepEqual([cut.width, cut.height], [placement.width, placement.height])
    }
  }
  fc.assert(fc.property(side, side, side, side, fit, check), { numRuns: 2_000 })
})
