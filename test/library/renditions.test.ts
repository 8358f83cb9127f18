import assert from 'node:assert/strict'
import { test } from 'node:test'
import { specsFor } from '../../src/library/renditions.ts'

const made = (width: number, height: number, frames = 1) =>
  specsFor({ width, height, frames }).map(({ name, animate }) => (animate ? `${name} moving` : name))

// v2 shots, "hidpi": only where the original is large enough; only the largest picture of an animation moves.
const cases: [string[], ...Parameters<typeof made>][] = [
  [['crop-400x300', 'crop-200x150'], 400, 300],
  [['crop-800x600', 'crop-400x300', 'crop-200x150'], 800, 600],
  [['crop-800x600', 'crop-400x300', 'crop-200x150'], 3000, 2000],
  [['crop-400x300', 'crop-200x150'], 3000, 599],
  [['crop-400x300', 'crop-200x150'], 799, 2000],
  [['crop-400x300', 'crop-200x150'], 1, 1],
  [['crop-400x300 moving', 'crop-200x150'], 400, 300, 2],
  [['crop-800x600 moving', 'crop-400x300', 'crop-200x150'], 800, 600, 12],
]
for (const [names, ...original] of cases)
  test(`an original of ${original.join('x')} gives ${names.join(', ')}`, () => {
    assert.deepEqual(made(...original), names)
  })
