import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationCode, checkDesktopRequest, requestToken } from '../../src/identity/desktop-flow.ts'
import { sealDeviceTicket } from '../../src/identity/ticket.ts'
import { count } from '../identity/open.ts'
import { MEANINGS, openPages, textOf, WORD } from './open.ts'

const ANY = { approvedOnly: false }

async function openWithRequest() {
  const on = await openPages()
  const ben = await on.person('ben')
  const { app, client } = await on.app(ben, { name: 'Harbour & Quay' })
  await on.member('ada')
  const { secret: token } = await requestToken(on.ctx, client, ANY)
  const given = { clientId: app.clientId, token }
  const checked = await checkDesktopRequest(on.ctx, given, ANY)
  assert.ok(checked.fail === null)
  const ticket = { requestId: checked.requestId, scopes: ['public', 'write'], meanings: MEANINGS }
  const path = `/authorize-device/${sealDeviceTicket(on.ctx.secret, ticket, on.ctx.clock())}`
  return { ...on, path, code: () => authorizationCode(on.ctx, given, ANY) }
}

test('somebody approves, is told to go back, and the application gets its code', async () => {
  await using on = await openWithRequest()
  const ada = on.browser()
  const first = await ada.get(on.path)
  assert.equal(first.headers.location, `/sign-in?next=${encodeURIComponent(on.path)}`)
  await ada.signIn('ada', WORD, on.path)
  const page = await ada.get(on.path)
  const text = textOf(page.body)
  assert.match(text, /Let Harbour &amp; Quay use your account\?/)
  assert.match(text, /Continue only if you started this yourself/)
  assert.match(text, /See what you show to everybody Change things in your name/)
  assert.ok(String(page.headers['content-security-policy']).includes("form-action 'self';"))
  assert.equal(await count(on.ctx, 'authorization_code'), 0, 'looking gives nothing')

  const answer = await ada.submit(on.path, on.path, { decision: 'approve' })
  assert.equal(answer.statusCode, 200)
  assert.match(textOf(answer.body), /Close this window and return to Harbour/)
  assert.match((await on.code()).secret, /^[0-9a-f]{32}$/)
  // Decided once for all: the page is spent.
  assert.notEqual((await ada.get(on.path)).statusCode, 200)
})

test('denying gives nothing; a changed ticket and a form of another site do nothing', async () => {
  await using on = await openWithRequest()
  const ada = await on.signedIn('ada')
  assert.notEqual((await ada.get(`${on.path.slice(0, -2)}xx`)).statusCode, 200)
  const odd = await ada.submit(on.path, on.path, { decision: 'other' })
  assert.equal(odd.statusCode, 400)
  const denied = await ada.submit(on.path, on.path, { decision: 'deny' })
  assert.match(textOf(denied.body), /gets no access/)
  await assert.rejects(on.code(), {
    reason: { kind: 'bad_grant', problem: 'The request token has been denied' },
  })
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
})

test('everybody is asked again, and a ticket lives for ten minutes', async () => {
  await using on = await openWithRequest()
  const ada = await on.signedIn('ada')
  assert.equal((await ada.get(on.path)).statusCode, 200)
  on.wait(600_000)
  assert.notEqual((await ada.get(on.path)).statusCode, 200)
})
