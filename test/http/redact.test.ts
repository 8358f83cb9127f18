import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logSerializers, redactUrl } from '../../src/http/redact.ts'

test('secrets are cut from addresses and nothing else', () => {
  const cases: [string, string][] = [
    ['/v1/shots', '/v1/shots'],
    ['/v1/shots?page=2&list=teams', '/v1/shots?page=2&list=teams'],
    ['/v1/user?access_token=abc', '/v1/user?access_token=REDACTED'],
    ['/v1/user?a=1&access_token=abc&b=2#x', '/v1/user?a=1&access_token=REDACTED&b=2#x'],
    ['/s?key=abc&q=keyboard', '/s?key=REDACTED&q=keyboard'],
    ['/s?KEY=abc', '/s?KEY=REDACTED'],
    ['/s?access%5Ftoken=abc', '/s?access%5Ftoken=REDACTED'],
    ['/s?key[]=abc&user[password]=b&user[name]=c', '/s?key[]=REDACTED&user[password]=REDACTED&user[name]=c'],
    [
      '/t?client_secret=a&code=b&token=c&password=d',
      '/t?client_secret=REDACTED&code=REDACTED&token=REDACTED&password=REDACTED',
    ],
    [
      '/t?refresh_token=a&signature=b&code_verifier=c',
      '/t?refresh_token=REDACTED&signature=REDACTED&code_verifier=REDACTED',
    ],
    ['/t?key=a=b&x=1', '/t?key=REDACTED&x=1'],
    ['/t?key=a;b?c&x=1', '/t?key=REDACTED&x=1'],
    ['/cb#access_token=abc&state=s', '/cb#access_token=REDACTED&state=s'],
    ['https://ada:pw@site.example/a@b', 'https://REDACTED@site.example/a@b'],
    ['/users/@ada', '/users/@ada'],
    ['/t?key=%', '/t?key=REDACTED'],
    ['/t?%zz=1', '/t?%zz=1'],
  ]
  for (const [url, expected] of cases) assert.equal(redactUrl(url), expected, url)
})

test('the logger is told neither headers nor secrets', () => {
  const request = {
    id: 'r1',
    method: 'GET',
    url: '/v1/user?access_token=abc',
    ip: '192.0.2.1',
    headers: { authorization: 'Bearer abc', cookie: 'abc' },
  }
  assert.doesNotMatch(JSON.stringify(logSerializers.req(request)), /abc/)
  assert.deepEqual(logSerializers.res({ statusCode: 404 }), { status: 404 })
})
