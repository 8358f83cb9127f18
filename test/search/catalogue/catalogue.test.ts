import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  createModel,
  expected,
  ids,
  items,
  type Model,
  orders,
  put,
  putTag,
  queries,
  remove,
} from './model.ts'
import { removeTag, seers, tags } from './model.ts'

const steps = fc.oneof(
  { weight: 6, arbitrary: items.map((item) => (model: Model) => put(model, item)) },
  ids.map((id) => (model: Model) => remove(model, id)),
  tags.map((tag) => (model: Model) => putTag(model, tag)),
  fc.integer({ min: 1, max: 6 }).map((id) => (model: Model) => removeTag(model, id)),
)

const asked = fc.record({ query: queries, seer: seers, order: orders })

describe('the catalogue answers as the language says, item by item', () => {
  test('after every kind of write, for every kind of search, in every order', () => {
    fc.assert(
      fc.property(
        fc.array(steps, { maxLength: 40 }),
        fc.array(asked, { minLength: 1, maxLength: 4 }),
        fc.nat(6),
        (writes, searches, offset) => {
          const model = createModel()
          for (const [index, write] of writes.entries()) {
            write(model)
            const search = searches[index % searches.length]
            if (!search || index % 8 !== 7) continue
            const answer = model.catalogue.search({ ...search, page: { offset: 0, limit: 50 } })
            assert.deepEqual(answer.ids, expected(model, search))
          }
          for (const search of searches) {
            const all = expected(model, search)
            const { catalogue } = model
            const found = catalogue.search({ ...search, page: { offset, limit: 3 } })
            assert.deepEqual(found, { ids: all.slice(offset, offset + 3), total: all.length })
            assert.equal(catalogue.count(search), all.length)
            assert.deepEqual(catalogue.first({ ...search, limit: 2 }), all.slice(0, 2))
          }
          assert.equal(model.catalogue.size(), model.items.size)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('neighbours stand right before and after, also of an item that does not match', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 20 }), asked, (given, search) => {
        const model = createModel()
        for (const item of given) put(model, item)
        for (const { id } of given) {
          const all = expected(model, search, id)
          const at = all.indexOf(id)
          assert.deepEqual(model.catalogue.neighbours({ ...search, id }), {
            before: all[at - 1] ?? null,
            after: all[at + 1] ?? null,
          })
        }
      }),
      { numRuns: 100 },
    )
  })
})
