import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusText } from '../../src/http/status-line.ts'

// API v1 overview, samples: `Status: 200 OK`
test('a status in words', () => {
  assert.equal(statusText(200), '200 OK')
  assert.equal(statusText(403), '403 Forbidden')
  assert.equal(statusText(799), '799')
})
