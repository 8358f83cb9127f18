import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSetup } from '../../src/identity/setup.ts'
import { verifyPassword } from '../../src/identity/passwords.ts'
import { localPath } from '../../src/web/local-path.ts'
import { formTarget } from '../../src/web/pages.ts'
import { count } from '../identity/open.ts'
import { openPages, textOf, WORD } from './open.ts'

test('only a path of this site can be gone on to', () => {
  const good: [string, string][] = [
    ['/', '/'],
    ['/account', '/account'],
    ['/a/b?c=d&e=//f', '/a/b?c=d&e=//f'],
    ['/a/../b', '/b'],
    ['/a#b', '/a'],
    ['/é', '/%C3%A9'],
    ['/a\nb', '/ab'],
  ]
  for (const [text, path] of good) assert.equal(localPath(text), path, text)
  const bad = [
    '',
    'account',
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '\\/evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '/.//evil.example/',
    '/..//evil.example/',
    '/a/..//evil.example/',
    '/%2e//evil.example/',
    ' /account',
    'javascript:alert(1)',
    `/${'x'.repeat(16_000)}`,
  ]
  for (const text of bad) assert.equal(localPath(text), null, JSON.stringify(text))
})

test('a redirect URI becomes a source for form-action', () => {
  const cases: [string, string][] = [
    ['https://app.example/callback?x=1', 'https://app.example'],
    ['http://127.0.0.1:51004/done', 'http://127.0.0.1:51004'],
    ['http://[::1]:51004/done', 'http:'],
    ['myapp://done', 'myapp:'],
    ['com.example.app:/done', 'com.example.app:'],
    ["https://app.example/;script-src 'unsafe-inline'", 'https://app.example'],
  ]
  for (const [uri, source] of cases) assert.equal(formTarget(uri), source)
})

test('every page comes with its headers, and there is one style sheet', async () => {
  await using on = await openPages()
  await on.member('ada')
  const ada = await on.signedIn('ada')
  const { app } = await on.app(await on.person('ben'))
  const paths = ['/', '/account', '/account/applications', '/nowhere', '/account/applications/99', '/setup']
  for (const path of [...paths, await on.ticketPath(app)]) {
    const { headers, body } = await ada.get(path)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8', path)
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cache-control'], 'no-store', 'the back button shows nothing after signing out')
    assert.equal(headers['access-control-allow-origin'], undefined)
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "default-src 'none'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      assert.ok(policy.split('; ').includes(part), `${path}: ${policy}`)
    assert.match(body, /^<!doctype html><html lang="en">/)
    assert.doesNotMatch(body, /<script|<style| style=| on[a-z]+=/i)
    assert.equal(body.match(/<h1>/g)?.length, 1)
  }
  const sheet = /href="(\/assets\/[^"]+)"/.exec((await ada.get('/')).body)?.[1] ?? ''
  const style = await ada.get(sheet)
  assert.equal(style.statusCode, 200)
  assert.equal(style.headers['content-type'], 'text/css; charset=utf-8')
})

test('what is not there is a page, and what is no form is refused', async () => {
  await using on = await openPages()
  const ada = on.browser()
  assert.equal((await ada.get('/nowhere')).statusCode, 404)
  assert.equal((await ada.request({ method: 'DELETE', url: '/account' })).statusCode, 404)
  const json = { method: 'POST', url: '/sign-in', payload: { login: 'ada' } } as const
  assert.equal((await ada.request(json)).statusCode, 415)
  const large = await ada.post('/sign-in', { login: 'x'.repeat(70_000) })
  assert.equal(large.statusCode, 413)
  assert.match(large.body, /<h1>/)
  const odd = await ada.request({
    method: 'POST',
    url: '/sign-in',
    payload: 'csrf=a&csrf=b&login=x&__proto__=y&login[]=z',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  assert.ok(odd.statusCode === 400 || odd.statusCode === 403)
})

test('a mistake of ours is a page that shows nothing of it', async () => {
  await using on = await openPages()
  const ada = on.browser()
  await on.ctx.db.schema.dropTable('setting').execute()
  const answer = await ada.get('/setup?token=x')
  assert.equal(answer.statusCode, 500)
  assert.doesNotMatch(answer.body, /setting|sql|at .*\.ts/i)
})

test('until there is an administrator, the front page says where the set-up link is', async () => {
  await using on = await openPages()
  const ada = on.browser()
  assert.match(textOf((await ada.get('/')).body), /set-up link/)
  const link = `/setup?token=${await openSetup(on.ctx)}`
  const wrong = await ada.submit(link, '/setup', {
    login: 'no spaces here',
    name: '<b>Ada</b>',
    password: WORD,
  })
  assert.equal(wrong.statusCode, 422)
  assert.match(textOf(wrong.body), /User name may hold letters/)
  assert.ok(wrong.body.includes('value="&lt;b>Ada&lt;/b>"'), 'what was typed is kept, and escaped')
  const short = await ada.submit(link, '/setup', { login: 'ada', password: 'short' })
  assert.equal(short.statusCode, 422)
  assert.match(textOf(short.body), /Password is too short/)
  assert.equal(await count(on.ctx, 'account'), 0)

  const done = await ada.submit(link, '/setup', { login: 'ada', name: '', password: WORD })
  assert.deepEqual([done.statusCode, done.headers.location], [303, '/account'])
  assert.match(textOf((await ada.get('/account')).body), /You are signed in as ada/)
  assert.ok(await verifyPassword(on.ctx.db, 'ada', WORD))
  assert.doesNotMatch(textOf((await ada.get('/')).body), /set-up link/)
  assert.equal((await ada.get(link)).statusCode, 404, 'it works once')
  assert.equal((await on.browser().get('/setup')).statusCode, 404)
  assert.equal((await on.browser().get('/setup?token=a&token=b')).statusCode, 404)
})

test('the set-up form is protected like the others', async () => {
  await using on = await openPages()
  const token = (await openSetup(on.ctx)) ?? ''
  const fields = { token, login: 'ada', password: WORD }
  assert.equal((await on.browser().post('/setup', { ...fields, csrf: 'x' })).statusCode, 403)
  assert.equal(await count(on.ctx, 'account'), 0)
})
