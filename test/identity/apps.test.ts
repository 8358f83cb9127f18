import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  appsOf,
  changeApp,
  clientAccessToken,
  deleteApp,
  findAppByClientId,
  judgeApp,
  ownApp,
  registerApp,
  resetClientToken,
  rotateSecret,
} from '../../src/identity/apps.ts'
import { authenticateClient } from '../../src/identity/clients.ts'
import { IdentityError } from '../../src/identity/errors.ts'
import { findToken } from '../../src/identity/tokens.ts'
import { CALLBACK, count, DAY_MS, openIdentity, refused } from './open.ts'

const ANYBODY = { approvedOnly: false }
const fields = { name: ' Harbour ', redirectUri: CALLBACK, website: 'https://app.example', description: '' }

test('a registered application has an id and a secret of 64 hex digits, and only the hash is stored', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app, clientSecret } = await registerApp(on.ctx, ada, { ...fields, isPublic: false })
  assert.match(app.clientId, /^[0-9a-f]{64}$/)
  assert.match(clientSecret ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(app, {
    id: app.id,
    clientId: app.clientId,
    name: 'Harbour',
    description: null,
    website: 'https://app.example',
    owner: { id: ada, login: 'ada', name: 'ada' },
    redirectUri: CALLBACK,
    redirectBelow: false,
    approved: false,
    isPublic: false,
    suspended: false,
    createdAt: on.ctx.clock(),
  })
  const stored = JSON.stringify(await on.ctx.db.selectFrom('app').selectAll().execute())
  assert.equal(stored.includes(clientSecret ?? '?'), false)
  assert.deepEqual(await appsOf(on.ctx.db, ada), [app])
  assert.deepEqual(await findAppByClientId(on.ctx.db, app.clientId), app)
})

test('what an owner says of an application is checked, all at once', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const wrong = {
    name: ' ',
    redirectUri: 'javascript:x',
    website: 'app.example',
    description: 'x'.repeat(1001),
  }
  const error: unknown = await registerApp(on.ctx, ada, wrong).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof IdentityError && error.reason.kind === 'invalid')
  assert.deepEqual(
    error.reason.problems.map(({ field }) => field),
    ['name', 'redirect_uri', 'website', 'description'],
  )
  for (const name of ['x'.repeat(101), 'a\nb', 'Har\u202ebour'])
    await assert.rejects(registerApp(on.ctx, ada, { ...fields, name }), refused('invalid'))
  assert.equal(await count(on.ctx, 'app'), 0)
})

test('only its owner changes, re-keys and deletes an application', async () => {
  await using on = await openIdentity()
  const [ada, ben] = [await on.person('ada'), await on.person('ben')]
  const { app } = await on.app(ada)
  await assert.rejects(ownApp(on.ctx.db, ben, app.id), refused('not_found'))
  await assert.rejects(changeApp(on.ctx, ben, app.id, fields), refused('not_found'))
  await assert.rejects(rotateSecret(on.ctx, ben, app.id), refused('not_found'))
  await assert.rejects(resetClientToken(on.ctx, ben, app.id), refused('not_found'))
  await assert.rejects(deleteApp(on.ctx, ben, app.id), refused('not_found'))
  assert.equal((await changeApp(on.ctx, ada, app.id, { ...fields, name: 'Quay' })).name, 'Quay')
  assert.equal((await ownApp(on.ctx.db, ada, app.id)).name, 'Quay')
})

test('every write to an application is in the change log', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app } = await on.app(ada)
  await changeApp(on.ctx, ada, app.id, fields)
  await judgeApp(on.ctx, app.clientId, { approved: true })
  await deleteApp(on.ctx, ada, app.id)
  const log = await on.ctx.db
    .selectFrom('change')
    .select(['noun_id', 'op'])
    .where('noun', '=', 'app')
    .execute()
  assert.deepEqual(
    log.map(({ noun_id, op }) => [noun_id, op]),
    ['create', 'change', 'change', 'delete'].map((op) => [app.id, op]),
  )
})

test('an account has 100 applications at the most', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  for (let n = 0; n < 100; n += 1) await on.app(ada)
  await assert.rejects(on.app(ada), refused('invalid'))
})

// S-CLIENT
test('a client is known by its id and its secret', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app, client } = await on.app(ada)
  const other = await on.app(ada)
  const ask = (clientId: string, clientSecret: string | null) =>
    authenticateClient(on.ctx.db, { clientId, clientSecret }, ANYBODY)

  assert.equal((await ask(client.clientId, client.clientSecret)).id, app.id)
  const wrong: [string, string | null][] = [
    [client.clientId, other.client.clientSecret],
    [other.client.clientId, client.clientSecret],
    [client.clientId, ''],
    [client.clientId, null],
    [client.clientId, client.clientSecret?.toUpperCase() ?? ''],
    [client.clientId, `${client.clientSecret}0`],
    [client.clientId, client.clientSecret?.slice(0, 63) ?? ''],
    ['', ''],
    ['x'.repeat(100_000), client.clientSecret],
  ]
  for (const [id, secret] of wrong) await assert.rejects(ask(id, secret), refused('bad_client'))

  const rotated = await rotateSecret(on.ctx, ada, app.id)
  await assert.rejects(ask(client.clientId, client.clientSecret), refused('bad_client'))
  assert.equal((await ask(client.clientId, rotated)).id, app.id)
})

test('suspension and approval are only told to whoever has the secret', async () => {
  await using on = await openIdentity()
  const { app, client } = await on.app(await on.person('ada'))
  const approvedOnly = { approvedOnly: true }
  await assert.rejects(authenticateClient(on.ctx.db, client, approvedOnly), refused('client_not_approved'))
  await judgeApp(on.ctx, app.clientId, { approved: true })
  assert.equal((await authenticateClient(on.ctx.db, client, approvedOnly)).approved, true)
  const judged = await judgeApp(on.ctx, app.clientId, { suspended: true })
  assert.deepEqual([judged.approved, judged.suspended], [true, true])
  await assert.rejects(authenticateClient(on.ctx.db, client, ANYBODY), refused('client_suspended'))
  await assert.rejects(
    authenticateClient(on.ctx.db, { ...client, clientSecret: 'x' }, ANYBODY),
    refused('bad_client'),
  )
})

test('a public client has no secret and must not send one', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app, client } = await on.app(ada, { isPublic: true })
  assert.equal(client.clientSecret, null)
  assert.equal((await authenticateClient(on.ctx.db, client, ANYBODY)).id, app.id)
  assert.equal((await authenticateClient(on.ctx.db, { ...client, clientSecret: '' }, ANYBODY)).id, app.id)
  await assert.rejects(
    authenticateClient(on.ctx.db, { ...client, clientSecret: 'x' }, ANYBODY),
    refused('bad_client'),
  )
  await assert.rejects(rotateSecret(on.ctx, ada, app.id), refused('invalid'))
})

// OAuth, "Client Flow": every application shows one read-only token, which acts as its owner.
test('an application has a client access token that reads as its owner', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app } = await on.app(ada)
  const token = await clientAccessToken(on.ctx, app)
  assert.match(token ?? '', /^[0-9a-f]{64}$/)
  assert.equal(await clientAccessToken(on.ctx, app), token, 'it can be shown again')
  const found = await findToken(on.ctx, token ?? '')
  assert.deepEqual(found, {
    tokenId: found?.tokenId,
    kind: 'client',
    appId: app.id,
    appApproved: false,
    accountId: ada,
    role: 'member',
    scopes: new Set(['public']),
  })
  const stored = JSON.stringify(await on.ctx.db.selectFrom('token').selectAll().execute())
  assert.equal(stored.includes(token ?? '?'), false)

  const next = await resetClientToken(on.ctx, ada, app.id)
  assert.notEqual(next, token)
  assert.equal(await findToken(on.ctx, token ?? ''), null)
  assert.equal((await findToken(on.ctx, next))?.accountId, ada)
  assert.equal(await clientAccessToken(on.ctx, app), next)
  assert.equal(await clientAccessToken({ ...on.ctx, secret: Buffer.alloc(32) }, app), null)
})

test('the tokens of an application go with it, and rest while it is suspended', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const { app } = await on.app(ada)
  const token = (await clientAccessToken(on.ctx, app)) ?? ''
  await judgeApp(on.ctx, app.clientId, { suspended: true })
  assert.equal(await findToken(on.ctx, token), null)
  await judgeApp(on.ctx, app.clientId, { suspended: false })
  assert.ok(await findToken(on.ctx, token))
  on.wait(180 * DAY_MS)
  assert.equal(await findToken(on.ctx, token), null, 'left unused for 180 days')
  await deleteApp(on.ctx, ada, app.id)
  assert.equal(await count(on.ctx, 'token'), 0)
})
