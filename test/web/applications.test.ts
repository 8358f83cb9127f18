import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticateClient } from '../../src/identity/clients.ts'
import { findToken } from '../../src/identity/tokens.ts'
import { count } from '../identity/open.ts'
import { openPages, textOf } from './open.ts'

const LIST = '/account/applications'
const FIELDS = {
  name: 'Harbour',
  redirect_uri: 'https://app.example/callback',
  website: 'https://app.example/',
  description: 'Shows the <harbour>.',
}

async function openWithAda() {
  const on = await openPages()
  const id = await on.member('ada')
  const ada = await on.signedIn('ada')
  return { ...on, id, ada }
}

/** What stands behind a term of the description list. */
const codeAfter = (html: string, term: string) =>
  new RegExp(`${term}</dt><dd><code>([0-9a-f]{64})</code>`).exec(html)?.[1] ?? ''
const secretOn = (html: string) => /Client secret: <code>([0-9a-f]{64})<\/code>/.exec(html)?.[1] ?? ''

test('an application is registered, its secret shown once, its client access token always', async () => {
  await using on = await openWithAda()
  const made = await on.ada.submit(LIST, LIST, FIELDS)
  assert.equal(made.statusCode, 200)
  const [clientId, clientSecret] = [codeAfter(made.body, 'Client id'), secretOn(made.body)]
  const app = await authenticateClient(on.ctx.db, { clientId, clientSecret }, { approvedOnly: false })
  assert.deepEqual([app.name, app.owner.id, app.isPublic], ['Harbour', on.id, false])

  const page = await on.ada.get(`${LIST}/${app.id}`)
  assert.equal(page.body.includes(clientSecret), false)
  const token = codeAfter(page.body, 'Client access token')
  assert.equal((await findToken(on.ctx, token))?.accountId, on.id)
  assert.ok(page.body.includes('Shows the &lt;harbour>.'))
  assert.match(textOf((await on.ada.get(LIST)).body), /Harbour https:\/\/app\.example\/callback/)
})

test('what is wrong with an application is said, and what was typed is kept', async () => {
  await using on = await openWithAda()
  const answer = await on.ada.submit(LIST, LIST, {
    ...FIELDS,
    name: '',
    redirect_uri: 'javascript:alert(1)',
    website: 'javascript:alert(2)',
    public: '1',
  })
  assert.equal(answer.statusCode, 422)
  const text = textOf(answer.body)
  assert.match(text, /Name can&#39;t be blank|Name can't be blank/)
  assert.match(text, /Callback URL must not use javascript:/)
  assert.match(text, /Website must be an http or https URL/)
  assert.ok(answer.body.includes('value="javascript:alert(1)"'))
  assert.match(answer.body, /name="public" value="1" checked/)
  assert.equal(await count(on.ctx, 'app'), 0)
})

test('a public client has no secret', async () => {
  await using on = await openWithAda()
  const made = await on.ada.submit(LIST, LIST, { ...FIELDS, redirect_uri: 'myapp://done', public: '1' })
  assert.equal(secretOn(made.body), '')
  assert.match(textOf(made.body), /None: this is a public client/)
  const clientId = codeAfter(made.body, 'Client id')
  const found = await authenticateClient(on.ctx.db, { clientId, clientSecret: null }, { approvedOnly: false })
  assert.equal(found.isPublic, true)
  const { csrf } = { csrf: /name="csrf" value="([^"]+)"/.exec(made.body)?.[1] ?? '' }
  assert.equal((await on.ada.post(`${LIST}/${found.id}/secret`, { csrf })).statusCode, 400)
})

test('an application is changed, re-keyed and deleted by its owner alone', async () => {
  await using on = await openWithAda()
  const { app, client } = await on.app(on.id)
  const path = `${LIST}/${app.id}`
  await on.member('eve')
  const eve = await on.signedIn('eve')
  assert.equal((await eve.get(path)).statusCode, 404)
  const csrf = /name="csrf" value="([^"]+)"/.exec((await eve.get(LIST)).body)?.[1] ?? ''
  for (const action of [path, `${path}/secret`, `${path}/token`, `${path}/delete`])
    assert.equal((await eve.post(action, { ...FIELDS, csrf })).statusCode, 404, action)
  for (const odd of ['x', '1e3', '-1', '99999999999999999999'])
    assert.equal((await on.ada.get(`${LIST}/${odd}`)).statusCode, 404, odd)

  const bad = await on.ada.submit(path, path, { ...FIELDS, redirect_uri: 'nowhere' })
  assert.equal(bad.statusCode, 422)
  const saved = await on.ada.submit(path, path, { ...FIELDS, name: 'Quay', website: '' })
  assert.deepEqual([saved.statusCode, saved.headers.location], [303, `${path}?done=saved`])
  assert.match(textOf((await on.ada.get(path)).body), /Quay/)

  const check = (clientSecret: string | null) =>
    authenticateClient(on.ctx.db, { ...client, clientSecret }, { approvedOnly: false })
  const rotated = await on.ada.submit(path, `${path}/secret`, {})
  await check(secretOn(rotated.body))
  await assert.rejects(check(client.clientSecret))

  const token = codeAfter((await on.ada.get(path)).body, 'Client access token')
  await on.ada.submit(path, `${path}/token`, {})
  assert.equal(await findToken(on.ctx, token), null)

  await on.ada.submit(path, `${path}/delete`, {})
  assert.equal((await on.ada.get(path)).statusCode, 404)
  assert.equal(await count(on.ctx, 'app'), 0)
})
