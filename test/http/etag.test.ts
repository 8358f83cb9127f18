import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpDate, isNotModified, parseHttpDate, strongEtag } from '../../src/http/etag.ts'

const etag = '"0123456789abcdef0123456789abcdef"'
const lastModified = new Date('2014-02-22T17:10:33.900Z')

test('an entity tag is 32 hex digits in quotes and follows the bytes', () => {
  assert.match(strongEtag('a'), /^"[0-9a-f]{32}"$/)
  assert.equal(strongEtag('ä'), strongEtag(Buffer.from('ä')))
  assert.notEqual(strongEtag('a'), strongEtag('a '))
})

test('If-None-Match in all its forms', () => {
  const cases: [string, boolean][] = [
    [etag, true],
    [`W/${etag}`, true],
    [`"x", W/"y",${etag}`, true],
    ['*', true],
    [' * ', true],
    ['"x"', false],
    ['"x, y", "z"', false],
    [etag.slice(1, -1), false],
    ['', false],
    ['"', false],
  ]
  for (const [sent, expected] of cases) {
    assert.equal(isNotModified({ 'if-none-match': sent }, { etag }), expected, sent)
  }
  assert.equal(isNotModified({ 'if-none-match': etag }, { etag: `W/${etag}` }), true)
  assert.equal(isNotModified({ 'if-none-match': '*' }, { etag: null }), false)
  assert.equal(isNotModified({}, { etag, lastModified }), false)
})

test('If-Modified-Since is compared at one second and a malformed one is ignored', () => {
  const cases: [string, boolean][] = [
    ['Sat, 22 Feb 2014 17:10:33 GMT', true],
    ['Sat, 22 Feb 2014 17:10:34 GMT', true],
    ['Sat, 22 Feb 2014 17:10:32 GMT', false],
    ['Saturday, 22-Feb-14 17:10:33 GMT', true],
    ['Sat Feb 22 17:10:33 2014', true],
    ['2030-01-01', false],
    ['2030', false],
    ['Sat, 99 Feb 2014 17:10:33 GMT', false],
    ['tomorrow', false],
  ]
  for (const [sent, expected] of cases) {
    assert.equal(isNotModified({ 'if-modified-since': sent }, { etag, lastModified }), expected, sent)
  }
  assert.equal(isNotModified({ 'if-modified-since': httpDate(0) }, { etag, lastModified: null }), false)
})

// RFC 9110, 13.1.3: "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match"
test('a failed If-None-Match is not saved by If-Modified-Since', () => {
  const since = httpDate(Date.parse('2030-01-01'))
  assert.equal(
    isNotModified({ 'if-none-match': '"x"', 'if-modified-since': since }, { etag, lastModified }),
    false,
  )
  assert.equal(
    isNotModified({ 'if-none-match': etag, 'if-modified-since': httpDate(0) }, { etag, lastModified }),
    true,
  )
})

test('HTTP dates go there and back', () => {
  assert.equal(httpDate(784_111_777_999), 'Sun, 06 Nov 1994 08:49:37 GMT')
  assert.equal(parseHttpDate(httpDate(784_111_777_999)), 784_111_777_000)
  assert.equal(parseHttpDate(undefined), null)
})
