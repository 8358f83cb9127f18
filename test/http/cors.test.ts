import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corsHeaders, preflightHeaders } from '../../src/http/cors.ts'
import type { CorsPolicy } from '../../src/http/cors.ts'

const reflect: CorsPolicy = { mode: 'reflect', expose: ['ETag', 'Link'], maxAge: 86_400 }
const any: CorsPolicy = { mode: 'any', expose: [], maxAge: 600 }
const ORIGIN = 'https://site.example'

function allowed(requested: string | undefined): string | undefined {
  return preflightHeaders(ORIGIN, reflect, ['GET'], requested)['access-control-allow-headers']
}

// API v1 overview, "Cross Origin Resource Sharing": the three headers of the sample
test('an origin is reflected with credentials, or answered with a star without', () => {
  assert.deepEqual(corsHeaders(ORIGIN, reflect), {
    vary: 'Origin',
    'access-control-allow-origin': ORIGIN,
    'access-control-expose-headers': 'ETag, Link',
    'access-control-allow-credentials': 'true',
  })
  assert.deepEqual(corsHeaders(ORIGIN, any), { vary: 'Origin', 'access-control-allow-origin': '*' })
})

test('null gets a star without credentials, no origin gets only Vary', () => {
  assert.equal(corsHeaders('null', reflect)['access-control-allow-origin'], '*')
  assert.equal(corsHeaders('null', reflect)['access-control-allow-credentials'], undefined)
  assert.deepEqual(corsHeaders(undefined, reflect), { vary: 'Origin' })
  assert.deepEqual(preflightHeaders(undefined, reflect, ['GET'], 'x-a'), { vary: 'Origin' })
})

test('only what is an origin is copied', () => {
  const good = ['http://localhost:8080', 'https://[::1]:3000', 'chrome-extension://abcdef', ORIGIN]
  const bad = [
    '', '*', 'site.example', '//site.example', 'https://', 'https://a b', 'https://site.example/', 'file://',
    'https://user@site.example', 'https://SITE.example', 'https://site.example?x', 'https://a.example, https://b.example',
    'https://a.example https://b.example', 'javascript:alert(1)', 'https://a.example\r\nx: y', 'HTTPS://a.example',
    `https://${'a'.repeat(300)}.example`, 'https://a.example:443', 'https://a.example\\', 'Null',
  ] // prettier-ignore
  for (const origin of good) assert.equal(corsHeaders(origin, reflect)['access-control-allow-origin'], origin)
  for (const origin of bad) assert.deepEqual(corsHeaders(origin, reflect), { vary: 'Origin' }, origin)
})

test('a list of origins leaves the others out', () => {
  const policy = { ...reflect, origins: [ORIGIN] }
  assert.equal(corsHeaders(ORIGIN, policy)['access-control-allow-origin'], ORIGIN)
  assert.deepEqual(corsHeaders('https://other.example', policy), { vary: 'Origin' })
  assert.deepEqual(corsHeaders('null', policy), { vary: 'Origin' })
})

// The sample's preflight: `Access-Control-Allow-Methods: OPTIONS, GET`, `Access-Control-Max-Age: 86400`
test('a preflight names the verbs of the path and repeats the requested headers', () => {
  const headers = preflightHeaders(
    ORIGIN,
    reflect,
    ['GET', 'PUT', 'OPTIONS'],
    'authorization, X-A ,content-type',
  )
  assert.equal(headers['access-control-allow-methods'], 'OPTIONS, GET, PUT')
  assert.equal(headers['access-control-max-age'], '86400')
  assert.equal(headers['access-control-allow-headers'], 'authorization, X-A, content-type')
  assert.equal(headers['access-control-allow-origin'], ORIGIN)
})

test('requested names that are not tokens are left out', () => {
  assert.equal(allowed(undefined), undefined)
  assert.equal(allowed(''), undefined)
  assert.equal(allowed('a b, x\r\ny, ok, <b>, "q"'), 'ok')
  assert.equal(allowed('x'.repeat(200)), undefined)
  assert.equal(allowed(Array.from({ length: 500 }, (_, at) => `x${at}`).join())?.split(', ').length, 50)
})
