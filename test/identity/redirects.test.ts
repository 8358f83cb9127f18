import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redirectAllowed, redirectProblem, withParameters } from '../../src/identity/redirects.ts'

const CALLBACK = 'https://app.example/callback'

// RFC 9700, 2.1: exact string comparison.
const refusedExactly = [
  'http://app.example/callback',
  'https://app.example/callback/',
  'https://app.example/callback/deeper',
  'https://app.example/Callback',
  'https://app.example/callbacks',
  'https://app.example/',
  'https://app.example',
  'https://app.example:443/callback',
  'https://app.example:8443/callback',
  'https://APP.example/callback',
  'https://app.example./callback',
  'https://www.app.example/callback',
  'https://app.example.evil.example/callback',
  'https://evil.example/callback',
  'https://app.example@evil.example/callback',
  'https://user:word@app.example/callback',
  'https://evil.example/?https://app.example/callback',
  'https://app.example/callback?added=1',
  'https://app.example/callback?',
  'https://app.example/callback#fragment',
  'https://app.example/callback#',
  'https://app.example/callback/../other',
  'https://app.example/./callback',
  'https://app.example/%63allback',
  'https://app.example//callback',
  'https://app.example\\callback',
  'https:app.example/callback',
  'https:///app.example/callback',
  '//app.example/callback',
  '/callback',
  'callback',
  'ssh://app.example/callback',
  'javascript:alert(1)//https://app.example/callback',
  'data:text/html,https://app.example/callback',
  ' https://app.example/callback',
  'https://app.example/callback ',
  'https://app.example/callback\n',
  'https://app.example/callback\r\nSet-Cookie: a=b',
  'https://app.example/callback\0',
  'https://\u0430pp.example/callback',
  'https://app.example,https://evil.example/callback',
  'https://app.example/*',
  '',
]

test('a redirect URI must equal the registered one', () => {
  assert.equal(redirectAllowed(CALLBACK, CALLBACK, { below: false }), true)
  for (const given of refusedExactly)
    assert.equal(redirectAllowed(CALLBACK, given, { below: false }), false, given)
})

test('with a query registered, the query is compared as well', () => {
  const registered = 'https://app.example/callback?tenant=1'
  assert.equal(redirectAllowed(registered, registered, { below: false }), true)
  assert.equal(redirectAllowed(registered, 'https://app.example/callback?tenant=2', { below: false }), false)
  assert.equal(redirectAllowed(registered, CALLBACK, { below: false }), false)
})

// RFC 8252, 7.3: "The authorization server MUST allow any port to be specified at the time of the request for
// loopback IP redirect URIs".
const loopback: [registered: string, given: string, allowed: boolean][] = [
  ['http://127.0.0.1/done', 'http://127.0.0.1:51004/done', true],
  ['http://127.0.0.1:9000/done', 'http://127.0.0.1:51004/done', true],
  ['http://127.0.0.1:9000/done', 'http://127.0.0.1/done', true],
  ['http://[::1]/done', 'http://[::1]:51004/done', true],
  ['http://127.0.0.1', 'http://127.0.0.1:51004', true],
  ['http://127.0.0.1/done?a=1', 'http://127.0.0.1:51004/done?a=1', true],
  ['http://127.0.0.1/done', 'http://127.0.0.1:51004/other', false],
  ['http://127.0.0.1/done', 'http://127.0.0.1:51004/done?a=1', false],
  ['http://127.0.0.1/done', 'http://[::1]:51004/done', false],
  ['http://127.0.0.1/done', 'http://localhost:51004/done', false],
  ['http://localhost/done', 'http://localhost:51004/done', false],
  ['http://127.0.0.1/done', 'https://127.0.0.1:51004/done', false],
  ['https://127.0.0.1/done', 'https://127.0.0.1:51004/done', false],
  ['http://127.0.0.1/done', 'http://127.0.0.2:51004/done', false],
  ['http://127.0.0.1/done', 'http://127.1:51004/done', false],
  ['http://127.0.0.1/done', 'http://127.0.0.1:51004@evil.example/done', false],
  ['http://127.0.0.1/done', 'http://127.0.0.1.evil.example:51004/done', false],
  ['http://127.0.0.1/done', 'http://127.0.0.1:99999/done', false],
  ['http://127.0.0.1/done', 'http://127.0.0.1:/done', false],
  [CALLBACK, 'https://app.example:51004/callback', false],
]

test('only the port of a loopback address may differ', () => {
  for (const [registered, given, allowed] of loopback)
    assert.equal(redirectAllowed(registered, given, { below: false }), allowed, `${registered} <- ${given}`)
})

// OAuth, "Redirect URLs": the path must be the callback path or below it.
const below: [given: string, allowed: boolean][] = [
  ['https://app.example/callback', true],
  ['https://app.example/callback/', true],
  ['https://app.example/callback/deeper', true],
  ['https://app.example/callback/deeper/still', true],
  ['https://app.example/callback/a/../b', true],
  ['https://app.example:443/callback/deeper', true],
  ['https://app.example/', false],
  ['https://app.example/other', false],
  ['https://app.example/callbacks', false],
  ['https://app.example/callback-pathology', false],
  ['https://app.example/callback/../other', false],
  ['https://app.example/callback/../callbacks', false],
  ['https://app.example/callback/%2e%2e/other', false],
  ['https://app.example/callback/%2E%2E/other', false],
  ['https://app.example/callback/.%2e/other', false],
  ['https://app.example/callback/..%2fother', false],
  ['https://app.example/callback/..%5cother', false],
  ['https://app.example/callback/%252e%252e/other', false],
  ['https://app.example/callback/x%00', false],
  ['https://app.example/callback%2fdeeper', false],
  ['https://app.example/callback/\\evil.example', false],
  ['https://app.example/callback/deeper#fragment', false],
  ['https://app.example/callback/deeper?added=1', false],
  ['https://app.example:8443/callback/deeper', false],
  ['https://sub.app.example/callback/deeper', false],
  ['https://evil.example/callback/deeper', false],
  ['http://app.example/callback/deeper', false],
  ['ssh://app.example/callback/deeper', false],
  ['https://user@app.example/callback/deeper', false],
]

test('an app that may go below its callback stays below it', () => {
  for (const [given, allowed] of below)
    assert.equal(redirectAllowed(CALLBACK, given, { below: true }), allowed, given)
  assert.equal(
    redirectAllowed('http://127.0.0.1/done', 'http://127.0.0.1:4711/done/now', { below: true }),
    true,
  )
})

test('an address of its own scheme is good when it is the registered one', () => {
  const registered = 'myapplication://phone-callback'
  assert.equal(redirectAllowed(registered, registered, { below: false }), true)
  assert.equal(redirectAllowed(registered, 'myapplication://other', { below: true }), false)
  assert.equal(redirectAllowed(registered, 'otherapplication://phone-callback', { below: true }), false)
  assert.equal(redirectAllowed(registered, 'myapplication://phone-callback/now', { below: true }), true)
  // Nothing to go below of: the parser leaves the dots in.
  assert.equal(redirectAllowed('com.app:done', 'com.app:done/../x', { below: true }), false)
})

test('some addresses cannot be registered', () => {
  const good = [CALLBACK, 'http://127.0.0.1/', 'http://[::1]:80/x', 'com.example.app:/done', 'app://x?y=1']
  for (const uri of good) assert.equal(redirectProblem(uri), null, uri)
  const bad = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,hi',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example/1',
    'about:blank',
    'https://',
    'https://?x',
    'https:',
    'app',
    '*',
    `https://app.example/${'x'.repeat(2000)}`,
    'https://app.example/<b>',
    ...refusedExactly.filter((uri) => /[#@\s\\]|^\/|^$/.test(uri)),
  ]
  for (const uri of bad) assert.notEqual(redirectProblem(uri), null, uri)
})

test('parameters are added to what is there', () => {
  const add = (uri: string) => withParameters(uri, { code: 'c', state: 'a b&c=d#', none: null })
  assert.equal(add(CALLBACK), `${CALLBACK}?code=c&state=a%20b%26c%3Dd%23`)
  assert.equal(add(`${CALLBACK}?t=%20+`), `${CALLBACK}?t=%20+&code=c&state=a%20b%26c%3Dd%23`)
  assert.equal(add(`${CALLBACK}?`), `${CALLBACK}?code=c&state=a%20b%26c%3Dd%23`)
  assert.equal(withParameters(CALLBACK, { state: null }), CALLBACK)
  assert.equal(withParameters(CALLBACK, { state: 'é\ud800' }), `${CALLBACK}?state=%C3%A9%EF%BF%BD`)
})
