import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { AuthorizationRequest } from '../../src/identity/authorization.ts'
import { hashSecret, newSecret, sameText, signature } from '../../src/identity/secrets.ts'
import { openTicket, sealTicket } from '../../src/identity/ticket.ts'

test('a secret is random hex of at least 128 bits', () => {
  assert.match(newSecret(), /^[0-9a-f]{64}$/)
  assert.match(newSecret(16), /^[0-9a-f]{32}$/)
  assert.notEqual(newSecret(), newSecret())
  assert.throws(() => newSecret(15), RangeError)
})

test('secrets are stored as SHA-256 and compared whole', () => {
  assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(sameText('abc', 'abc'), true)
  for (const other of ['abd', 'ab', 'abcd', '', 'ABC']) assert.equal(sameText('abc', other), false)
})

test('a signature depends on its key and its text', () => {
  assert.equal(signature('key', 'text'), signature(Buffer.from('key'), 'text'))
  assert.notEqual(signature('key', 'text'), signature('key', 'texts'))
  assert.notEqual(signature('key', 'text'), signature('keys', 'text'))
})

const request: AuthorizationRequest = {
  appId: 7,
  redirectUri: 'https://app.example/callback',
  redirectGiven: true,
  scopes: ['public'],
  defaultScopes: ['public'],
  knownScopes: ['public', 'write'],
  state: 'é "quoted"\n',
  codeChallenge: null,
  codeSeconds: 600,
}
const meanings = { public: 'See your public profile' }

test('a ticket comes back as it was sealed, for 10 minutes', () => {
  const secret = randomBytes(32)
  const now = new Date('2024-05-01T12:00:00Z')
  const text = sealTicket(secret, { request, meanings }, now)
  assert.match(text, /^[A-Za-z0-9_.-]+$/)
  assert.deepEqual(openTicket(secret, text, now), { request, meanings })
  assert.deepEqual(openTicket(secret, text, new Date(now.getTime() + 599_999)), { request, meanings })
  assert.equal(openTicket(secret, text, new Date(now.getTime() + 600_000)), null)
})

test('a ticket that is not ours or was changed is none', () => {
  const secret = randomBytes(32)
  const now = new Date()
  const text = sealTicket(secret, { request, meanings }, now)
  const [payload = '', mark = ''] = text.split('.')
  const other = Buffer.from(JSON.stringify({ request, meanings, expiresMs: 9e15 })).toString('base64url')
  const forged = [
    '',
    '.',
    payload,
    `${payload}.`,
    `.${mark}`,
    `${other}.${mark}`,
    `${text}.`,
    `${text}x`,
    `x${text}`,
  ]
  for (const one of forged) assert.equal(openTicket(secret, one, now), null, one)
  assert.equal(openTicket(randomBytes(32), text, now), null)
  // A signature made for something else is no ticket.
  assert.equal(openTicket(secret, `${other}.${signature(secret, other)}`, now), null)
})
