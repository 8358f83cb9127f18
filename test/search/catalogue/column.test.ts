import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Column } from '../../../src/search/catalogue/column.ts'

const values = fc.oneof(
  fc.integer({ min: -130, max: 130 }),
  fc.constantFrom(
    -128,
    -32_768,
    40_000,
    -(2 ** 31),
    2 ** 31,
    1e12,
    0.5,
    -0.25,
    -0,
    1e-300,
    Number.MAX_VALUE,
    -1e300,
  ),
)
const writes = fc.array(fc.tuple(fc.nat(60), fc.option(values, { nil: undefined })), { maxLength: 80 })

function byValue(model: ReadonlyMap<number, number>): number[] {
  return [...model].toSorted(([a, x], [b, y]) => x - y || a - b).map(([position]) => position)
}

function inOrder(column: Column): number[] {
  const found: number[] = []
  const order = column.order()
  order.visit(0, order.count, false, (position) => found.push(position) > 0)
  return found
}

test('a column keeps every number in whatever array holds it, and its order follows', () => {
  fc.assert(
    fc.property(writes, writes, (before, after) => {
      const column = new Column()
      const model = new Map<number, number>()
      const write = ([position, value]: [number, number | undefined]) => {
        column.set(position, value)
        if (value === undefined) model.delete(position)
        else model.set(position, value + 0)
      }
      before.forEach(write)
      assert.deepEqual(inOrder(column), byValue(model))
      const bounds = column.bounds()
      after.forEach(write)
      for (const [position, value] of model) {
        assert.ok(bounds.lowestAt(position) <= value && value <= bounds.highestAt(position))
      }
      assert.deepEqual(inOrder(column), byValue(model))
      assert.equal(column.count, model.size)
      for (let position = 0; position <= 61; position += 1) {
        assert.equal(column.at(position), model.get(position) ?? Number.NaN)
      }
      for (const value of [...model.values(), -1e308, 1e308]) {
        const order = column.order()
        assert.equal(order.placeOf(value), [...model.values()].filter((other) => other < value).length)
        assert.equal(order.endOf(value), [...model.values()].filter((other) => other <= value).length)
      }
    }),
  )
})

test('what is no finite number is no value', () => {
  const column = new Column()
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    column.set(3, 7)
    column.set(3, value)
    assert.ok(!column.has(3))
  }
})

test('an order of many pieces is walked either way, follows changes, and moves with its positions', () => {
  const column = new Column()
  const model = new Map<number, number>()
  const write = (position: number, value: number | undefined) => {
    column.set(position, value)
    if (value === undefined) model.delete(position)
    else model.set(position, value)
  }
  for (let position = 0; position < 9000; position += 1) write(position, (position * 7919) % 50)
  assert.deepEqual(inOrder(column), byValue(model))
  for (let position = 0; position < 9000; position += 1) {
    if (position % 3 === 0) write(position, 25)
    if (position % 7 === 0) write(position, undefined)
  }
  assert.deepEqual(inOrder(column), byValue(model))

  const backwards: number[] = []
  column.order().visit(100, 8000, true, (position) => backwards.push(position) < 6000)
  assert.deepEqual(backwards, byValue(model).slice(100, 8000).toReversed().slice(0, 6000))

  column.shift(4000, 64)
  const moved = new Map([...model].map(([at, value]) => [at < 4000 ? at : at + 64, value]))
  assert.deepEqual(inOrder(column), byValue(moved))
  assert.ok(!column.has(4000))
})
