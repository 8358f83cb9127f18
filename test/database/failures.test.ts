import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseFailure } from '../../src/database/failures.ts'

const fails = (message: string, more: object = {}) => databaseFailure(Object.assign(new Error(message), more))

test('what a database error means for whoever waits', () => {
  const sqlite = (message: string, errcode?: number) =>
    fails(message, { code: 'ERR_SQLITE_ERROR', ...(errcode === undefined ? {} : { errcode }) })
  assert.equal(sqlite('x', 13), 'full')
  assert.equal(sqlite('x', 10 | (4 << 8)), 'broken')
  assert.equal(sqlite('x', 5), 'away')
  assert.equal(sqlite('UNIQUE constraint failed: tag.name', 2067), null)
  // Some errors of the driver for Node 20 have no code.
  assert.equal(sqlite('database or disk is full'), 'full')
  assert.equal(sqlite('disk I/O error'), 'broken')
  assert.equal(sqlite('database is locked'), 'away')
  assert.equal(sqlite('UNIQUE constraint failed: tag.name'), null)

  assert.equal(fails('x', { code: '53100' }), 'full')
  assert.equal(fails('x', { code: '57P01' }), 'away')
  assert.equal(fails('x', { code: 'ECONNREFUSED' }), 'away')
  assert.equal(fails('Connection terminated unexpectedly'), 'away')
  assert.equal(fails('x', { code: '23505' }), null)
  assert.equal(fails('x', { code: 'ENOENT' }), null)
  assert.equal(databaseFailure('text'), null)
})
