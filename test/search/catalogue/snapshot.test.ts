import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { UnreadableSnapshot, writeSections } from '../../../src/search/catalogue/snapshot-file.ts'
import { readSnapshot, writeSnapshot } from '../../../src/search/catalogue/snapshot.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { createModel, expected, items, type Model, orders, put, putTag, queries, remove } from './model.ts'
import { seers, tags } from './model.ts'

const asked = fc.record({ query: queries, seer: seers, order: orders })

function assertAnswers(model: Model, search: Parameters<typeof expected>[1]): void {
  const all = expected(model, search)
  const found = model.catalogue.search({ ...search, page: { offset: 0, limit: 50 } })
  assert.deepEqual(found, { ids: all.slice(0, 50), total: all.length })
}

describe('a snapshot', () => {
  test('answers like the catalogue it was taken of, and follows changes from there', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    const many = fc.array(items, { maxLength: 20 })
    fc.assert(
      fc.property(many, many, fc.array(tags), fc.array(asked, { minLength: 3, maxLength: 3 }), (...given) => {
        const [before, after, named, searches] = given
        const model = createModel()
        for (const tag of named) putTag(model, tag)
        for (const item of before) put(model, item)
        writeSnapshot(path, model.catalogue, before.length)

        const { catalogue, lastChange } = readSnapshot(path)
        assert.equal(lastChange, before.length)
        const reread = { ...model, catalogue }
        for (const search of searches) assertAnswers(reread, search)
        for (const [index, item] of after.entries()) {
          if (index % 3 === 0) remove(reread, item.id)
          else put(reread, item)
        }
        for (const search of searches) assertAnswers(reread, search)
      }),
      { numRuns: 60 },
    )
  })

  test('of an empty catalogue takes items as any other does', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    writeSnapshot(path, createModel().catalogue, 0)
    const reread = { ...createModel(), catalogue: readSnapshot(path).catalogue }
    for (const item of fc.sample(items, { numRuns: 20, seed: 4 })) put(reread, item)
    for (const search of fc.sample(asked, { numRuns: 20, seed: 4 })) assertAnswers(reread, search)
  })

  test('is refused when it is missing, cut off, or written by another version', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    assert.throws(() => readSnapshot(path), UnreadableSnapshot)

    writeSnapshot(path, createModel().catalogue, 7)
    const whole = readFileSync(path)
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length))
      assert.throws(() => readSnapshot(path), UnreadableSnapshot, `the first ${length} bytes`)
    }

    writeSections(path, { version: 0 }, () => undefined)
    assert.throws(() => readSnapshot(path), UnreadableSnapshot)
    writeFileSync(path, 'something else, and long enough to be a snapshot by its size')
    assert.throws(() => readSnapshot(path), UnreadableSnapshot)
  })

  test('with any byte changed is refused, or that byte meant nothing', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    const model = createModel()
    for (const item of fc.sample(items, { numRuns: 10, seed: 1 })) put(model, item)
    writeSnapshot(path, model.catalogue, 1)
    const whole = readFileSync(path)
    const search = fc.sample(asked, { numRuns: 1, seed: 1 })[0]
    assert.ok(search)
    let refused = 0
    for (let at = 0; at < whole.length; at += 101) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      writeFileSync(path, changed)
      try {
        assertAnswers({ ...model, catalogue: readSnapshot(path).catalogue }, search)
      } catch (error) {
        assert.ok(error instanceof UnreadableSnapshot, String(error))
        refused += 1
      }
    }
    assert.ok(refused > whole.length / 101 / 2, `${refused} refused`)
  })

  test('leaves the one before it in place when it cannot be written', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    writeSnapshot(path, createModel().catalogue, 7)
    const failing = () => {
      throw new Error('no more room')
    }
    assert.throws(() => writeSections(path, {}, failing), /no more room/)
    assert.equal(readSnapshot(path).lastChange, 7)
    assert.ok(!existsSync(`${path}.part`))
  })
})
