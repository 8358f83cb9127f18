import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../helpers/folders.ts'
import { addToken, callerOf, runVitrine, startServer } from '../helpers/started-server.ts'

// "raw search of database, WAL, blobs' metadata, logs, temp … for every secret the harness ever received: 0 hits"
test('no secret is on the disk or in the log, and no answer tells of the machine', async () => {
  await using folder = await temporaryFolder()
  const settings = { VITRINE_DATA: folder.path }
  const token = await addToken(folder.path)
  const app = await runVitrine(
    ['app', 'add', 'Other', '--owner', 'ada', '--redirect-uri', 'https://app.example/', '--json'],
    settings,
  )
  const { client_id: clientId, client_secret: clientSecret } = JSON.parse(app.output) as Record<
    string,
    string
  >
  const key = await runVitrine(['key', 'reset', 'ada', '--json'], settings)
  const secrets = [token, clientSecret ?? '', (JSON.parse(key.output) as { key: string }).key]
  for (const secret of secrets) assert.ok(secret.length >= 20)

  await using server = await startServer(folder.path, { VITRINE_LOG_LEVEL: 'debug' })
  const [ada, anyone] = [callerOf(server, token), callerOf(server, null)]
  const wrong = callerOf(server, token.replace(/.$/, '!'))
  const [first = '', second = '', third = ''] = secrets
  const replies = [
    await ada.call('GET', '/v2/user'),
    await anyone.call('GET', `/v2/user?access_token=${token}`),
    await anyone.call('PUT', '/v2/shots/1', { json: { access_token: token, title: 'x' } }),
    await anyone.call('POST', '/v2/projects', { body: `name=x&access_token=${token}` }),
    await wrong.call('GET', '/v2/user'),
    await ada.call('GET', `/v2/user?access_token=${second}`),
    await anyone.call('GET', `/v1/shots?key=${third}`),
    await anyone.call(
      'POST',
      `/oauth/token?client_id=${clientId}&client_secret=${clientSecret}&code=${first}`,
    ),
    await anyone.call('POST', '/oauth/token', {
      json: { client_id: clientId, client_secret: clientSecret, code: 'x' },
    }),
    await anyone.call('GET', `/users/1/screenshots/1/x.png?signature=${token}`),
    await anyone.call('GET', `/nowhere/${token}?code=${token}`),
    await anyone.call('POST', '/v2/shots', { body: '{', headers: { 'content-type': 'application/json' } }),
    await anyone.call('GET', '/%ff'),
  ]
  for (const { status, headers, body } of replies) {
    assert.ok(status < 500, `${status} ${String(body)}`)
    const head = [...headers].map((pair) => pair.join(': ')).join('\n')
    assert.doesNotMatch(
      head,
      /fastify|node|express|vitrine[/ ]\d|\d+\.\d+\.\d+/i,
      'no header names a program or its version',
    )
    assert.doesNotMatch(`${head}\n${String(body)}`, /\/tmp\/|node_modules|\.[jt]s:\d|SQLITE|\bat \S+ \(/)
  }
  const log = server.output() + server.errors()
  assert.match(log, /"msg":"answered"/, 'there was something to leave out')
  server.signal('SIGTERM')
  await server.ended
  for (const secret of secrets) {
    // A path is not a place for a secret: only what a client puts there itself may be repeated.
    assert.ok(!log.replaceAll(`/nowhere/${token}`, '').includes(secret), 'a secret is in the log')
    for (const name of await readdir(folder.path, { recursive: true })) {
      const bytes = await readFile(join(folder.path, name)).catch(() => Buffer.alloc(0))
      assert.ok(!bytes.includes(secret), `a secret is in ${name}`)
    }
  }
})
