import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { printQuery } from '../../../src/search/language/print.ts'
import { fields, read } from './reading.ts'
import { trees } from './trees.ts'

test('a search is written in the names of the service, with the parentheses and escapes it needs', () => {
  const rows: readonly (readonly [query: string, printed: string])[] = [
    ['A AND b OR NOT(c)', 'a, b || -c'],
    ['a, (b || c)', 'a, (b || c)'],
    ['a, (b, c)', 'a, (b, c)'],
    ['-(a, b)^2', '-(a, b)^2'],
    ['(-a)^2', '(-a)^2'],
    ['-a^2', '-a^2'],
    ['', '-*'],
    ['format:PNG', 'original_format:png'],
    ['"-a, b"', '\\-a\\, b'],
    ['rose (flower)', 'rose \\(flower\\)'],
    ['width\\:5', 'width\\:5'],
    ['artist:x', 'artist:x'],
    ['ros?*~1', 'ros\\?\\*~1'],
    ['ros?* r', 'ros?* r'],
    ['width:800~200', 'width:800~200'],
    ['created_at:2015', 'created_at:2015-01-01T00:00:00.000Z..2015-12-31T23:59:59.999Z'],
    ['created_at.gt:2015', 'created_at.gte:2016-01-01T00:00:00.000Z'],
    ['created_at.gt:9999', 'created_at.gt:9999-12-31T23:59:59.999Z'],
    ['created_at.lte:9999', 'created_at.lte:9999-12-31T23:59:59.999Z'],
  ]
  for (const [query, printed] of rows) {
    assert.equal(printQuery(read(query), fields), printed, query)
    assert.deepEqual(read(printed), read(query), printed)
  }
})

test('reading what was written gives the same tree', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      assert.deepEqual(read(printQuery(tree, fields)), tree)
    }),
    { numRuns: 1000 },
  )
})

test('relative dates and far ones are written as absolute ones', () => {
  for (const query of ['3 days ago', '17 months ago', '2016 years ago', '0000+08:00', '9999-05:00']) {
    for (const qualifier of ['', '.gt', '.gte', '.lt', '.lte']) {
      const tree = read(`created_at${qualifier}:${query}`)
      assert.deepEqual(read(printQuery(tree, fields), { now: new Date(0) }), tree, query)
    }
  }
})

test('a field the service has no name for cannot be written', () => {
  assert.throws(() => printQuery(read('width:5'), new Map()), /no name for the field width/)
})
