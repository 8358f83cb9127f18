import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../helpers/folders.ts'
import { callerOf, runVitrine, startServer } from '../helpers/started-server.ts'

/** Runs commands on a folder; each must end well, and its JSON is the result. */
function commandsOn(folder: string) {
  const settings = { VITRINE_DATA: folder }
  return {
    run: async (args: string[], input = ''): Promise<Record<string, unknown>> => {
      const { code, output, errors } = await runVitrine([...args, '--json'], settings, input)
      assert.equal(code, 0, errors)
      return JSON.parse(output) as Record<string, unknown>
    },
    refused: async (args: string[]): Promise<string> => {
      const { code, output, errors } = await runVitrine(args, settings)
      assert.equal(code, 1)
      assert.equal(output, '')
      assert.doesNotMatch(errors, /\bat \S+ \(|\/tmp\/|node_modules/)
      return errors.trim()
    },
  }
}

/** What the sign-in page answers to ada and a password. */
async function signIn(url: string, password: string): Promise<number> {
  const page = await fetch(`${url}/sign-in`)
  const hidden = /name="(\w+)" value="([^"]+)"/g
  const fields = new URLSearchParams(
    [...(await page.text()).matchAll(hidden)].map(([, name = '', value = '']) => [name, value]),
  )
  fields.set('login', 'ada')
  fields.set('password', password)
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const headers = { cookie, origin: url }
  return (await fetch(`${url}/sign-in`, { method: 'POST', body: fields, headers, redirect: 'manual' })).status
}

test('accounts, applications, tokens and keys are made and work while the server runs', async () => {
  await using folder = await temporaryFolder()
  const { run, refused } = commandsOn(folder.path)
  await using server = await startServer(folder.path)

  const { id: teamId, ...team } = await run(['account', 'add', 'harbour', '--team', '--name', 'The Harbour'])
  assert.deepEqual(team, { login: 'harbour', name: 'The Harbour', kind: 'team', role: 'member' })
  const options = ['--password-stdin', '--role', 'moderator', '--pro', '--member-of', 'harbour']
  const { id, ...ada } = await run(['account', 'add', 'ada', ...options], 'a long pass phrase\nnot this\n')
  assert.deepEqual(ada, { login: 'ada', name: 'ada', kind: 'person', role: 'moderator' })
  assert.ok(Number(id) > Number(teamId))
  assert.equal(await refused(['account', 'add', 'ADA']), 'That account is already taken.')
  assert.match(await refused(['account', 'add', 'bob', '--member-of', 'ada']), /ada is not a team/)

  const redirectUri = 'https://app.example/back'
  const app = await run(['app', 'add', 'Postcards', '--owner', 'ada', '--redirect-uri', redirectUri])
  assert.deepEqual(Object.keys(app), ['client_id', 'client_secret', 'name', 'redirect_uri'])
  assert.equal(app['redirect_uri'], redirectUri)
  const asked = ['--account', 'ada', '--app', String(app['client_id']), '--scopes', 'public upload']
  const token = await run(['token', 'add', ...asked])
  assert.deepEqual(
    [token['token_type'], token['scope'], token['account']],
    ['bearer', 'public upload', 'ada'],
  )
  assert.match(await refused(['token', 'add', ...asked.with(3, 'nobody')]), /no application/)

  const caller = callerOf(server, String(token['access_token']))
  const { status, json } = await caller.call('GET', '/v2/user')
  const user = json() as { login: string; pro: boolean; teams: { login: string }[] }
  assert.deepEqual(
    [status, user.login, user.pro, user.teams.map(({ login }) => login)],
    [200, 'ada', true, ['harbour']],
  )

  const first = await run(['key', 'reset', 'ada'])
  const second = await run(['key', 'reset', 'ada'])
  assert.equal(first['login'], 'ada')
  assert.notEqual(first['key'], second['key'])

  assert.equal(await signIn(server.url, 'not this'), 422)
  assert.equal(await signIn(server.url, 'a long pass phrase'), 303)

  assert.match(await refused(['account', 'remove', 'ada']), /for good; say --yes/)
  assert.deepEqual(await run(['account', 'remove', 'ada', '--yes']), { removed: 'ada' })
  assert.equal((await caller.call('GET', '/v2/user')).status, 401)
  assert.equal(await refused(['account', 'remove', 'ada', '--yes']), 'There is no such account.')
})

test('somebody is given a new password while the server runs', async () => {
  await using folder = await temporaryFolder()
  const { run, refused } = commandsOn(folder.path)
  await using server = await startServer(folder.path)
  await run(['account', 'add', 'ada'])
  await run(['account', 'add', 'harbour', '--team'])
  assert.equal(await signIn(server.url, 'another pass phrase'), 422)
  const { login } = await run(['account', 'password', 'ADA'], 'another pass phrase\nnot this\n')
  assert.equal(login, 'ada')
  assert.equal(await signIn(server.url, 'another pass phrase'), 303)
  assert.match(await refused(['account', 'password', 'ada']), /password/i)
  assert.match(await refused(['account', 'password', 'harbour']), /teams do not sign in/)
  assert.equal(await refused(['account', 'password', 'nobody']), 'There is no such account.')
  assert.equal(await signIn(server.url, 'another pass phrase'), 303)
})
