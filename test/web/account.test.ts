import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantsOf, issueToken } from '../../src/identity/grants.ts'
import { findKey } from '../../src/identity/keys.ts'
import { verifyPassword } from '../../src/identity/passwords.ts'
import { sessionsOf } from '../../src/identity/sessions.ts'
import { findToken } from '../../src/identity/tokens.ts'
import { findAccount } from '../../src/library/accounts.ts'
import { hiddenFields, openPages, textOf, WORD } from './open.ts'

test('the account page needs somebody signed in', async () => {
  await using on = await openPages()
  for (const path of ['/account', '/account/applications', '/account/applications/1']) {
    const answer = await on.browser().get(path)
    assert.deepEqual(
      [answer.statusCode, answer.headers.location],
      [303, `/sign-in?next=${encodeURIComponent(path)}`],
    )
  }
})

test('applications with access are listed with their last use, and lose it', async () => {
  await using on = await openPages()
  const [id, ben] = [await on.member('ada'), await on.member('ben')]
  const { app } = await on.app(ben, { name: 'Harbour <b>' })
  const token = await issueToken(on.ctx, { accountId: id, appId: app.id, scopes: ['public', 'write'] })
  const others = await issueToken(on.ctx, { accountId: ben, appId: app.id, scopes: ['public'] })
  const ada = await on.signedIn('ada')

  const page = await ada.get('/account')
  assert.match(textOf(page.body), /Harbour &lt;b> public, write; since 2024-05-01 , never used/)
  await on.ctx.db
    .updateTable('token')
    .set({ last_used_ms: Date.parse('2024-04-30T08:00:00Z') })
    .execute()
  assert.match(textOf((await ada.get('/account')).body), /last used on 2024-04-30/)

  const theirs = (await grantsOf(on.ctx.db, ben))[0]?.id ?? 0
  const { csrf = '' } = hiddenFields(page.body, '/account/grants/revoke')
  for (const grant of [String(theirs), '0', 'x', ''])
    assert.equal((await ada.post('/account/grants/revoke', { csrf, grant })).statusCode, 404)
  assert.ok(await findToken(on.ctx, others))

  const answer = await ada.submit('/account', '/account/grants/revoke', {})
  assert.equal(answer.statusCode, 303)
  assert.match(textOf((await ada.get(String(answer.headers.location))).body), /has no access any more/)
  assert.equal(await findToken(on.ctx, token), null)
  assert.ok(await findToken(on.ctx, others))
})

test('sessions are listed, and can be ended one by one or all but this one', async () => {
  await using on = await openPages()
  const [id, ben] = [await on.member('ada'), await on.member('ben')]
  const [here, there, third] = [await on.signedIn('ada'), await on.signedIn('ada'), await on.signedIn('ada')]
  const stranger = await on.signedIn('ben')
  const page = await here.get('/account')
  assert.equal(page.body.match(/\(this one\)/g)?.length, 1)
  const { csrf = '' } = hiddenFields(page.body, '/account/key')
  const [theirs] = await sessionsOf(on.ctx, ben)
  const refused = await here.post('/account/sessions/revoke', { csrf, session: theirs?.hash ?? '' })
  assert.equal(refused.statusCode, 404)
  assert.equal((await stranger.get('/account')).statusCode, 200)

  await here.submit('/account', '/account/sessions/revoke', {})
  assert.equal((await sessionsOf(on.ctx, id)).length, 2)
  await here.submit('/account', '/account/sessions/revoke', { session: 'others' })
  assert.equal((await here.get('/account')).statusCode, 200)
  assert.deepEqual(
    [(await there.get('/account')).statusCode, (await third.get('/account')).statusCode],
    [303, 303],
  )
})

test('the API key is shown once', async () => {
  await using on = await openPages()
  const id = await on.member('ada')
  const ada = await on.signedIn('ada')
  assert.match(textOf((await ada.get('/account')).body), /You have none/)
  const shown = await ada.submit('/account', '/account/key', {})
  const key = /<code>([0-9a-f]{40})<\/code>/.exec(shown.body)?.[1] ?? ''
  assert.equal((await findKey(on.ctx.db, key))?.accountId, id)
  const page = await ada.get('/account')
  assert.equal(page.body.includes(key), false)
  assert.match(textOf(page.body), /You made yours on 2024-05-01/)
  await ada.submit('/account', '/account/key', {})
  assert.equal(await findKey(on.ctx.db, key), null)
})

test('a new password needs the current one and ends all other sessions', async () => {
  await using on = await openPages()
  const id = await on.member('ada')
  const [here, there] = [await on.signedIn('ada'), await on.signedIn('ada')]
  const change = (current: string, password: string) =>
    here.submit('/account', '/account/password', { current, password })

  const wrong = await change('not this one', 'another horse 8')
  assert.equal(wrong.statusCode, 422)
  assert.match(textOf(wrong.body), /The current password is wrong/)
  const short = await change(WORD, 'short')
  assert.equal(short.statusCode, 422)
  assert.match(textOf(short.body), /Password is too short/)
  assert.equal((await there.get('/account')).statusCode, 200)

  const done = await change(WORD, 'another horse 8')
  assert.equal(done.statusCode, 303)
  assert.equal((await here.get('/account')).statusCode, 200)
  assert.equal((await there.get('/account')).statusCode, 303)
  assert.equal(await verifyPassword(on.ctx.db, 'ada', WORD), null)
  assert.equal(await verifyPassword(on.ctx.db, 'ada', 'another horse 8'), id)
})

test('a stolen session cannot guess the password', async () => {
  await using on = await openPages()
  await on.member('ada')
  const thief = await on.signedIn('ada')
  const guess = () =>
    thief.submit('/account', '/account/password', { current: 'a guess', password: 'another horse 8' })
  for (let n = 0; n < 10; n += 1) assert.equal((await guess()).statusCode, 422)
  assert.equal((await guess()).statusCode, 429)
})

test('the time zone is that of the account’s days, and a zone that is none is refused', async () => {
  await using on = await openPages()
  const id = await on.member('ada')
  const ada = await on.signedIn('ada')
  const zone = async () => (await findAccount(on.ctx.db, id)).time_zone
  const page = await ada.get('/account')
  const field = (body: string) => /<input[^>]* name="time_zone"[^>]*>/.exec(body)?.[0] ?? ''
  assert.match(field(page.body), / list="time-zones"/)
  assert.match(page.body, /<datalist id="time-zones">.*<option value="Europe\/Warsaw"/)

  const answer = await ada.submit('/account', '/account/time-zone', { time_zone: ' europe/warsaw ' })
  assert.equal(answer.statusCode, 303)
  assert.equal(await zone(), 'Europe/Warsaw')
  const after = await ada.get(String(answer.headers.location))
  assert.match(textOf(after.body), /The time zone is changed/)
  assert.match(field(after.body), / value="Europe\/Warsaw"/)

  for (const wrong of ['Fell/Sea', '', '"><b>', 'x'.repeat(65)]) {
    const refused = await ada.submit('/account', '/account/time-zone', { time_zone: wrong })
    assert.equal(refused.statusCode, 422, wrong)
    assert.match(textOf(refused.body), /Time zone is not a time zone such as Europe\/Warsaw/)
    assert.ok(!refused.body.includes('"><b>'))
  }
  assert.equal(await zone(), 'Europe/Warsaw')
  const forged = await ada.post('/account/time-zone', { csrf: 'x', time_zone: 'Asia/Tokyo' })
  assert.equal(forged.statusCode, 403)
  assert.equal(await zone(), 'Europe/Warsaw')
})
