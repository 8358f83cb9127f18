import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, DAY_MS } from '../identity/open.ts'
import { hiddenFields, openPages, textOf, WORD } from './open.ts'

// Reliability of sessions, ASVS 3.3: the attributes of the cookie.
test('at an https address the session cookie is bound to the host', async () => {
  await using on = await openPages({ VITRINE_URL: 'https://pictures.test' })
  await on.member('ada')
  const answer = await on.browser().signIn('ada')
  const [session] = answer.cookies.filter(({ name }) => name === '__Host-vitrine')
  assert.ok(session)
  assert.match(session.value, /^[0-9a-f]{64}$/)
  assert.deepEqual(
    { path: session.path, http: session.httpOnly, secure: session.secure, site: session.sameSite },
    { path: '/', http: true, secure: true, site: 'Lax' },
  )
  assert.equal(session.domain, undefined)
  assert.equal(session.maxAge, 180 * 86_400)
})

test('over plain http it has another name', async () => {
  await using on = await openPages()
  await on.member('ada')
  const answer = await on.browser().signIn('ada')
  const [session] = answer.cookies
  assert.equal(session?.name, 'vitrine-local')
  assert.deepEqual([session?.httpOnly, session?.sameSite, session?.path], [true, 'Lax', '/'])
  assert.equal(session?.secure, undefined)
})

test('behind a trusted proxy the scheme is the one the browser used', async () => {
  await using on = await openPages({ VITRINE_TRUSTED_PROXIES: '192.0.2.1' })
  const names = async (address: string) => {
    const browser = on.browser({ address, headers: { 'x-forwarded-proto': 'https' } })
    return (await browser.get('/sign-in')).cookies.map(({ name }) => name)
  }
  assert.deepEqual(await names('192.0.2.1'), ['__Host-vitrine-form'])
  assert.deepEqual(await names('192.0.2.2'), ['vitrine-local-form'])
})

test('signing in gives a new session and ends the one the browser had', async () => {
  await using on = await openPages()
  await on.member('ada')
  const ada = on.browser()
  const planted = 'a'.repeat(64)
  ada.cookies.set('vitrine-local', planted)
  await ada.signIn('ada')
  const first = ada.cookies.get('vitrine-local') ?? ''
  assert.notEqual(first, planted, 'fixation')

  // The page of another tab, from before.
  const stale = on.browser()
  const page = await stale.get('/sign-in')
  for (const [name, value] of ada.cookies) if (name !== 'vitrine-local-form') stale.cookies.set(name, value)
  const again = await stale.post('/sign-in', {
    ...hiddenFields(page.body, '/sign-in'),
    login: 'ada',
    password: WORD,
  })
  assert.equal(again.statusCode, 303)
  assert.notEqual(stale.cookies.get('vitrine-local'), first)
  assert.equal((await ada.get('/account')).statusCode, 303, 'the old one is over')
  assert.equal(await count(on.ctx, 'session'), 1)
})

test('wrong logins and wrong passwords look the same', async () => {
  await using on = await openPages()
  await on.member('ada')
  await on.person('ben')
  await on.member('cleo')
  await on.ctx.db.updateTable('account').set({ suspended: 1 }).where('login', '=', 'cleo').execute()
  const shown = new Set<string>()
  for (const [login, password] of [
    ['ada', 'something else'],
    ['ada', ''],
    ['ben', WORD],
    ['cleo', WORD],
    ['nobody', WORD],
    ['', ''],
  ] as const) {
    const answer = await on.browser().submit('/sign-in', '/sign-in', { login, password })
    assert.equal(answer.statusCode, 422)
    assert.equal(answer.cookies.length, 0)
    shown.add(answer.body.replaceAll(/ value(="[^"]*")?/g, ''))
    assert.equal(answer.body.includes(WORD), false)
  }
  assert.equal(shown.size, 1)
  assert.match(textOf([...shown][0] ?? ''), /The user name or the password is wrong/)
  assert.equal(await count(on.ctx, 'session'), 0)
})

test('too many attempts are stopped by account and by address, known or not', async () => {
  await using on = await openPages()
  await on.member('ada')
  const attempt = async (login: string, password: string, address: string) =>
    on.browser({ address }).submit('/sign-in', '/sign-in', { login, password })
  for (const login of ['ada', 'nobody']) {
    const address = login === 'ada' ? '192.0.2.10' : '192.0.2.20'
    for (let n = 0; n < 10; n += 1) assert.equal((await attempt(login, 'wrong', address)).statusCode, 422)
    const stopped = await attempt(login, login === 'ada' ? WORD : 'wrong', address)
    assert.equal(stopped.statusCode, 429)
    assert.match(String(stopped.headers['retry-after']), /^\d+$/)
    assert.match(textOf(stopped.body), /too many attempts/i)
  }
  assert.equal((await attempt('ada', WORD, '192.0.2.30')).statusCode, 303, 'not for everybody')
})

test('next leads to a path of this site and nowhere else', async () => {
  await using on = await openPages()
  await on.member('ada')
  const to = async (next: string) => (await on.browser().signIn('ada', WORD, next)).headers.location
  assert.equal(await to('/account/applications?done=x'), '/account/applications?done=x')
  for (const next of ['https://evil.example/', '//evil.example', '/.//evil.example', '/\\evil.example', ''])
    assert.equal(await to(next), '/account', next)

  // Also where the form itself was tampered with.
  const ada = on.browser()
  const answer = await ada.submit('/sign-in', '/sign-in', {
    login: 'ada',
    password: WORD,
    next: '//evil.example',
  })
  assert.equal(answer.headers.location, '/account')
  assert.equal(
    (await ada.get('/sign-in?next=//evil.example')).headers.location,
    '/account',
    'signed in already',
  )
})

test('signing out ends the session for good', async () => {
  await using on = await openPages()
  await on.member('ada')
  const ada = await on.signedIn('ada')
  const secret = ada.cookies.get('vitrine-local') ?? ''
  const answer = await ada.submit('/', '/sign-out', {})
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, '/'])
  assert.equal(ada.cookies.has('vitrine-local'), false)
  const thief = on.browser()
  thief.cookies.set('vitrine-local', secret)
  assert.equal((await thief.get('/account')).statusCode, 303)
})

test('a session ends after 30 idle days', async () => {
  await using on = await openPages()
  await on.member('ada')
  const ada = await on.signedIn('ada')
  on.wait(29 * DAY_MS)
  assert.equal((await ada.get('/account')).statusCode, 200)
  on.wait(30 * DAY_MS)
  const answer = await ada.get('/account/applications')
  assert.deepEqual(
    [answer.statusCode, answer.headers.location],
    [303, '/sign-in?next=%2Faccount%2Fapplications'],
  )
})
