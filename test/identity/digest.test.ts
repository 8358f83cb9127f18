import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNonces, digestFits, readDigest } from '../../src/identity/digest.ts'

test('the example of RFC 7616 (3.9.1), with both algorithms', () => {
  const header = (algorithm: string, response: string) =>
    'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ' +
    `algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
    'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, ' +
    `response="${response}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
  const md5 = readDigest(header('MD5', '8ca523f5e9506fed4657c9700eebdbec'))
  assert.ok(md5)
  // H(A1) of Mufasa, the realm and "Circle of Life".
  assert.equal(digestFits(md5, '3d78807defe7de2157e2b0b6573a855f', 'GET'), true)
  assert.equal(digestFits(md5, '3d78807defe7de2157e2b0b6573a855f', 'POST'), false)
  assert.equal(readDigest(header('SHA-256', 'x'))?.algorithm, 'SHA-256')
})

test('a full table forgets the oldest nonce, and never takes it for a new one', () => {
  let now = 1_700_000_000_000
  const nonces = createNonces(() => new Date(now), 2)
  const issued = [1, 2, 3].map(() => {
    now += 1000
    return nonces.issue()
  })
  for (const nonce of issued) assert.equal(nonces.use(nonce, '00000001'), true)
  for (const nonce of issued) assert.equal(nonces.use(nonce, '00000001'), false)
  assert.equal(nonces.use(issued[2] ?? '', '00000002'), true)
  assert.equal(nonces.use(issued[0] ?? '', '00000002'), false)
})
