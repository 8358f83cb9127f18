import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Positions } from '../../../src/search/catalogue/positions.ts'

const steps = fc.array(
  fc.record({
    add: fc.boolean(),
    id: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1e6 })),
  }),
  {
    maxLength: 60,
  },
)

test('positions stay in the order of ids, whatever comes and goes', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const positions = new Positions()
      const model = new Set<number>()
      for (const { add, id } of given) {
        const found = positions.find(id)
        assert.equal(found !== -1, model.has(id))
        if (add && found === -1) {
          if (positions.take(id) === -1) {
            positions.makeRoom(id, 32)
            assert.notEqual(positions.take(id), -1, 'there is room now')
          }
          model.add(id)
        }
        if (!add && found !== -1) {
          positions.free(found)
          model.delete(id)
        }
      }
      const ids = [...model].toSorted((left, right) => left - right)
      const places = ids.map((id) => positions.find(id))
      assert.ok(places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0)))
      assert.deepEqual(
        places.map((place) => positions.idAt(place)),
        ids,
      )
      assert.equal(positions.live.count, ids.length)
    }),
    { numRuns: 500 },
  )
})

test('an id that comes late finds room beside its neighbours', () => {
  const positions = new Positions()
  for (const id of [1, 2, 9, 10]) positions.take(id)
  const before = positions.size
  for (const id of [5, 3, 7, 8]) assert.notEqual(positions.take(id), -1, `${id} finds room`)
  assert.equal(positions.size, before)
})
