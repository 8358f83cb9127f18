import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { desktopApp, startGimmebar } from '../../helpers/start-gimmebar.ts'

const run = promisify(execFile)

/** Somebody else's client of the three schemes, over real connections. */
test('the walk-through with curl: --digest, --basic and a Bearer header', async (t) => {
  const found = await run('curl', ['--version']).catch(() => null)
  if (found === null) return t.skip('there is no curl here')
  await using bar = await startGimmebar({ reach: 'path', at: new Date().toISOString() })
  const ada = await bar.person('ada')
  const app = await desktopApp(bar, ada)
  const api = `${await bar.vitrine.server.listen({ host: '127.0.0.1', port: 0 })}/gimmebar/api/v1`
  const curl = async (...options: string[]) => {
    const { stdout } = await run('curl', [
      '--silent',
      '--max-time',
      '20',
      '--write-out',
      ' %{http_code}',
      ...options,
    ])
    return stdout
  }
  const client = `client_id=${app.clientId}&client_secret=${app.clientSecret}&type=app`
  const asked = await curl('--data', client, `${api}/auth/token/request`)
  const token = /^\{"request_token":"([0-9a-f]{32})","expires":\d{10}\} 200$/.exec(asked)?.[1] ?? ''
  await app.decide(ada, token)
  const form = `client_id=${app.clientId}&token=${token}&response_type=code`
  const exchanged = await curl('--data', form, `${api}/auth/token/authorization`)
  const code = /^\{"code":"([0-9a-f]{32})","expires":\d{10}\} 200$/.exec(exchanged)?.[1] ?? ''
  const given = await curl('--data', `code=${code}&grant_type=authorization_code`, `${api}/auth/token/access`)
  const access = /^\{"access_token":"([0-9a-f]{32})"/.exec(given)?.[1] ?? ''
  const said = ['--data-urlencode', 'title=T', '--data', 'source=https://example.org/&text=x']
  const made = await curl(
    '--digest',
    '--user',
    `ada:${access}`,
    ...said,
    '--data',
    'description=%23salt',
    `${api}/asset`,
  )
  assert.ok(made.endsWith(' 200'), made)
  for (const scheme of ['--digest', '--basic'])
    assert.equal(await curl(scheme, '--user', `ada:${access}`, `${api}/tags`), '["salt"] 200', scheme)
  const twice = await curl('--digest', '--user', `ada:${access}`, `${api}/tags?a=1`, `${api}/tags?a=2`)
  assert.equal(twice, '["salt"] 200["salt"] 200')
  assert.equal(await curl('--header', `Authorization: Bearer ${access}`, `${api}/tags`), '["salt"] 200')
  const wrong = await curl('--digest', '--user', 'ada:wrong', `${api}/tags`)
  assert.ok(wrong.endsWith(' 401'), wrong)
})
