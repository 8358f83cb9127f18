import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeApp } from '../../src/identity/apps.ts'
import { exchangeCode } from '../../src/identity/tokens.ts'
import { CALLBACK, count, GIVE } from '../identity/open.ts'
import { openPages, textOf, WORD } from './open.ts'

async function openWithApp() {
  const on = await openPages()
  const ben = await on.person('ben', { name: 'Ben <i>' })
  const { app, client } = await on.app(ben, {
    name: 'Harbour & Quay',
    website: 'https://app.example/about',
    description: 'A place for <boats>.',
  })
  const ada = await on.member('ada')
  return { ...on, theApp: app, client, ada }
}

const sentTo = (location: unknown) => new URL(String(location))

test('consent, from the application’s link to its token', async () => {
  await using on = await openWithApp()
  const path = await on.ticketPath(on.theApp, { scope: 'public write', state: 'a b&c' })
  const ada = on.browser()

  const first = await ada.get(path)
  assert.deepEqual(
    [first.statusCode, first.headers.location],
    [303, `/sign-in?next=${encodeURIComponent(path)}`],
  )
  assert.equal((await ada.signIn('ada', WORD, path)).headers.location, path)

  const page = await ada.get(path)
  const text = textOf(page.body)
  assert.match(text, /Let Harbour &amp; Quay use your account\?/)
  assert.match(text, /registered by Ben &lt;i> \(ben\) ?, asks for access to your account ada/)
  assert.match(text, /A place for &lt;boats>\./)
  assert.match(text, /See what you show to everybody Change things in your name/)
  assert.match(text, /You will be sent to app\.example/)
  assert.match(text, /Continue only if you started this yourself/)
  assert.ok(page.body.includes('href="https://app.example/about"'))
  assert.ok(
    String(page.headers['content-security-policy']).includes("form-action 'self' https://app.example;"),
  )
  assert.equal(await count(on.ctx, 'authorization_code'), 0, 'looking gives nothing')

  const answer = await ada.submit(path, path, { decision: 'approve' })
  assert.equal(answer.statusCode, 303)
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.equal(answer.headers['referrer-policy'], 'no-referrer')
  const url = sentTo(answer.headers.location)
  assert.equal(url.origin + url.pathname, CALLBACK)
  assert.equal(url.searchParams.get('state'), 'a b&c')
  const code = url.searchParams.get('code') ?? ''
  const given = { code, redirectUri: CALLBACK, codeVerifier: null }
  const issued = await exchangeCode(on.ctx, given, on.client, GIVE)
  assert.deepEqual([issued.accountId, issued.scopes], [on.ada, ['public', 'write']])
})

test('who has consented before is sent on at once, but asked again for more', async () => {
  await using on = await openWithApp()
  const ada = await on.signedIn('ada')
  const first = await on.ticketPath(on.theApp, { scope: 'public' })
  await ada.submit(first, first, { decision: 'approve' })

  const again = await ada.get(await on.ticketPath(on.theApp, { state: 's' }))
  assert.equal(again.statusCode, 303)
  assert.deepEqual([...sentTo(again.headers.location).searchParams.keys()], ['code', 'state'])
  const wider = await ada.get(await on.ticketPath(on.theApp, { scope: 'write' }))
  assert.equal(wider.statusCode, 200)
  assert.match(textOf(wider.body), /It could Change things in your name/)

  // Signing in leads straight on to the application: the form's policy must let it.
  const path = await on.ticketPath(on.theApp)
  const elsewhere = on.browser()
  const signIn = await elsewhere.get(`/sign-in?next=${encodeURIComponent(path)}`)
  assert.ok(
    String(signIn.headers['content-security-policy']).includes("form-action 'self' https://app.example;"),
  )
  await elsewhere.signIn('ada', WORD, path)
  assert.match(
    String((await elsewhere.get(path)).headers.location),
    /^https:\/\/app\.example\/callback\?code=/,
  )
})

test('HEAD gives no code', async () => {
  await using on = await openWithApp()
  const ada = await on.signedIn('ada')
  const path = await on.ticketPath(on.theApp)
  await ada.submit(path, path, { decision: 'approve' })
  const before = await count(on.ctx, 'authorization_code')
  assert.equal((await ada.request({ method: 'HEAD', url: path })).statusCode, 404)
  assert.equal(await count(on.ctx, 'authorization_code'), before)
})

// OAuth, errors: "access_denied"
test('a no is told to the application, and nothing is made', async () => {
  await using on = await openWithApp()
  const ada = await on.signedIn('ada')
  const path = await on.ticketPath(on.theApp, { state: 's' })
  const answer = await ada.submit(path, path, { decision: 'deny' })
  const url = sentTo(answer.headers.location)
  assert.equal(answer.statusCode, 303)
  assert.deepEqual([url.searchParams.get('error'), url.searchParams.get('state')], ['access_denied', 's'])
  assert.equal((await ada.submit(path, path, { decision: 'perhaps' })).statusCode, 400)
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
  assert.equal(await count(on.ctx, 'app_grant'), 0)
})

test('a request that is too old, not ours, or of an app that is gone leads nowhere', async () => {
  await using on = await openWithApp()
  const ada = await on.signedIn('ada')
  const path = await on.ticketPath(on.theApp)
  const refusedAt = async (where: string) => {
    for (const answer of [await ada.get(where), await on.browser().get(where)]) {
      assert.equal(answer.statusCode, 400, where)
      assert.equal(answer.headers.location, undefined)
    }
  }
  await refusedAt('/authorize/x')
  await refusedAt(`${path}x`)
  await refusedAt(path.replace('/authorize/', '/authorize/e'))
  await judgeApp(on.ctx, on.theApp.clientId, { suspended: true })
  await refusedAt(path)
  await judgeApp(on.ctx, on.theApp.clientId, { suspended: false })
  const page = await ada.get(path)
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  on.wait(600_000)
  await refusedAt(path)
  assert.equal((await ada.post(path, { csrf, decision: 'approve' })).statusCode, 400)
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
})

// FAPI 2 conformance, ensure-authorization-request-with-long-state
test('a long state comes back as it was', async () => {
  await using on = await openWithApp()
  const ada = await on.signedIn('ada')
  const state = 'ä"\\ '.repeat(1000)
  const path = await on.ticketPath(on.theApp, { state })
  const answer = await ada.submit(path, path, { decision: 'approve' })
  assert.equal(sentTo(answer.headers.location).searchParams.get('state'), state)
})

test('an application on the device is named by its scheme', async () => {
  await using on = await openWithApp()
  const { app } = await on.app(on.ada, { redirectUri: 'myapp://done' })
  const ada = await on.signedIn('ada')
  const path = await on.ticketPath(app)
  const page = await ada.get(path)
  assert.match(textOf(page.body), /You will be sent to myapp: \(an application on this device\)/)
  assert.ok(String(page.headers['content-security-policy']).includes("form-action 'self' myapp:;"))
  const answer = await ada.submit(path, path, { decision: 'approve' })
  assert.match(String(answer.headers.location), /^myapp:\/\/done\?code=[0-9a-f]{64}$/)
})
