import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueToken } from '../../src/identity/grants.ts'
import { hashSecret } from '../../src/identity/secrets.ts'
import { hiddenFields, HOST, openPages, WORD } from './open.ts'

/** A person with one of everything that a form can change, and a fingerprint of it all. */
async function openWithEverything() {
  const on = await openPages()
  const id = await on.member('ada')
  await on.member('eve')
  const { app } = await on.app(id)
  await issueToken(on.ctx, { accountId: id, appId: app.id, scopes: ['public'] })
  const ada = await on.signedIn('ada')
  const other = await on.signedIn('ada')
  const third = await on.signedIn('ada')
  const thirdSession = hashSecret(third.cookies.get('vitrine-local') ?? '')
  const authorize = await on.ticketPath((await on.app(id, { name: 'Quay' })).app)
  const one = `/account/applications/${app.id}`
  const fields = { name: 'Changed', redirect_uri: 'https://app.example/changed' }
  const forms: [page: string, action: string, fields: Record<string, string>][] = [
    ['/account', '/account/grants/revoke', { grant: '1' }],
    ['/account', '/account/sessions/revoke', { session: thirdSession }],
    ['/account', '/account/sessions/revoke', { session: 'others' }],
    ['/account', '/account/key', {}],
    ['/account', '/account/password', { current: WORD, password: 'another horse 8' }],
    ['/account/applications', '/account/applications', fields],
    [one, one, fields],
    [one, `${one}/secret`, {}],
    [one, `${one}/token`, {}],
    [one, `${one}/delete`, {}],
    [authorize, authorize, { decision: 'approve' }],
    ['/account', '/sign-out', {}],
  ]

  const state = async () => {
    const { db } = on.ctx
    return JSON.stringify([
      await db.selectFrom('account').selectAll().execute(),
      await db.selectFrom('session').selectAll().where('account_id', '=', id).execute(),
      await db.selectFrom('app').selectAll().execute(),
      await db.selectFrom('app_grant').selectAll().execute(),
      await db.selectFrom('authorization_code').selectAll().execute(),
      await db.selectFrom('token').selectAll().execute(),
      await db.selectFrom('api_key').selectAll().execute(),
    ])
  }
  return { ...on, ada, other, forms, state }
}

// S-CSRF
test('no form is taken without its token, with that of another session, or from another site', async () => {
  await using on = await openWithEverything()
  const eve = await on.signedIn('eve')
  const before = await on.state()
  for (const [page, action, fields] of on.forms) {
    const hidden = hiddenFields((await on.ada.get(page)).body, action)
    const theirs = hiddenFields((await eve.get('/account')).body, '/account/key')
    const mine = hiddenFields((await on.other.get('/account')).body, '/account/key')
    const good = { ...hidden, ...fields }
    const tries: [string, Record<string, string>, Record<string, string>][] = [
      ['no token', { ...good, csrf: '' }, {}],
      ['a wrong token', { ...good, csrf: 'x'.repeat(43) }, {}],
      ['the token of another person', { ...good, ...theirs }, {}],
      ['the token of another session', { ...good, ...mine, ...fields }, {}],
      ['from another site', good, { 'sec-fetch-site': 'cross-site' }],
      ['from a sister site', good, { 'sec-fetch-site': 'same-site' }],
      ['metadata that is none', good, { 'sec-fetch-site': 'x' }],
    ]
    for (const [what, sent, headers] of tries) {
      const answer = await on.ada.post(action, sent, headers)
      assert.equal(answer.statusCode, 403, `${action}: ${what}`)
    }
    // By GET nothing happens, whatever the address holds.
    await on.ada.get(`${action}?${new URLSearchParams(good).toString()}`)
    const anonymous = await on.browser().post(action, good)
    assert.equal(anonymous.statusCode, 303)
    assert.match(String(anonymous.headers.location), /^\/sign-in\?next=/)
  }
  assert.equal(await on.state(), before)
})

test('the same forms do their work when they are genuine', async () => {
  await using on = await openWithEverything()
  for (const [page, action, fields] of on.forms) {
    const before = await on.state()
    const answer = await on.ada.submit(page, action, fields)
    assert.ok([200, 303].includes(answer.statusCode), `${action}: ${answer.statusCode}`)
    assert.notEqual(await on.state(), before, action)
    if (action.endsWith('/delete'))
      assert.equal(answer.headers.location, '/account/applications?done=deleted')
  }
})

test('without fetch metadata, the origin decides', async () => {
  await using on = await openWithEverything()
  const { csrf = '' } = hiddenFields((await on.ada.get('/account')).body, '/account/key')
  const plain = { 'content-type': 'application/x-www-form-urlencoded' }
  const send = (headers: Record<string, string>) =>
    on.ada.request({
      method: 'POST',
      url: '/account/key',
      payload: `csrf=${csrf}`,
      headers: { ...plain, ...headers },
    })
  for (const origin of [
    'https://evil.example',
    `http://evil.${HOST}`,
    `https://${HOST}`,
    `http://${HOST}:81`,
    'x',
  ])
    assert.equal((await send({ origin })).statusCode, 403, origin)
  // Our pages send no referrer, for which browsers say `Origin: null`; the token still has to be right.
  for (const headers of [{}, { origin: `http://${HOST}` }, { origin: 'null' }])
    assert.equal((await send(headers)).statusCode, 200)
})

test('nobody can have another browser sign in as themselves', async () => {
  await using on = await openPages()
  await on.member('eve')
  const eve = on.browser()
  const page = await eve.get('/sign-in')
  const fields = { ...hiddenFields(page.body, '/sign-in'), login: 'eve', password: WORD }

  // The victim has no form cookie, or one of its own.
  const victim = on.browser()
  assert.equal((await victim.post('/sign-in', fields)).statusCode, 403)
  await victim.get('/sign-in')
  assert.equal((await victim.post('/sign-in', fields)).statusCode, 403)
  assert.equal((await victim.post('/sign-in', { ...fields, csrf: '' })).statusCode, 403)
  assert.equal(victim.cookies.has('vitrine-local'), false)
  const cross = await eve.post('/sign-in', fields, { 'sec-fetch-site': 'cross-site' })
  assert.equal(cross.statusCode, 403)
  assert.equal((await eve.post('/sign-in', fields)).statusCode, 303)
})
