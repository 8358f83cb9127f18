import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { temporaryFolder } from '../helpers/folders.ts'
import { addToken, callerOf, runVitrine, startServer } from '../helpers/started-server.ts'

async function run(folder: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, output, errors } = await runVitrine([...args, '--json'], { VITRINE_DATA: folder })
  assert.equal(code, 0, errors)
  return JSON.parse(output) as Record<string, unknown>
}

async function refused(folder: string, ...args: string[]): Promise<string> {
  const { code, output, errors } = await runVitrine(args, { VITRINE_DATA: folder })
  assert.deepEqual([code, output], [1, ''])
  return errors.trim()
}

test('people and collections are pointed out, and no longer, while the server runs', async () => {
  await using folder = await temporaryFolder()
  const at = folder.path
  const token = await addToken(at)
  await using server = await startServer(at)
  const caller = callerOf(server, token)
  const api = `${server.url}/gimmebar/api/v1`
  const list = async (path: string, name: string) => {
    const { records } = (await caller.call('GET', `${api}/${path}`)).json() as {
      records: Record<string, unknown>[]
    }
    return records.map((record) => record[name])
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const made = await caller.call('POST', `${api}/collection`, { body: 'title=Dark+Bread', headers })
  const { id } = made.json() as { id: string }

  assert.deepEqual(await run(at, 'mark', 'account', 'Ada', '--stellar'), { login: 'ada', stellar: true })
  assert.deepEqual(await list('users?stellar=1', 'username'), ['ada'])
  assert.deepEqual(await run(at, 'mark', 'account', 'ada', '--no-stellar'), { login: 'ada', stellar: false })
  assert.deepEqual(await list('users?stellar=1', 'username'), [])

  const marked = { id, title: 'Dark Bread', notable: true }
  assert.deepEqual(await run(at, 'mark', 'collection', 'ada/dark-bread', '--notable'), marked)
  assert.deepEqual(await list('collections/notable', 'slug'), ['dark-bread'])
  const unmarked = { ...marked, notable: false }
  assert.deepEqual(await run(at, 'mark', 'collection', id.toUpperCase(), '--no-notable'), unmarked)
  assert.deepEqual(await list('collections/notable', 'slug'), [])

  assert.equal(await refused(at, 'mark', 'account', 'ada'), 'Say --stellar or --no-stellar.')
  assert.equal(await refused(at, 'mark', 'collection', id), 'Say --notable or --no-notable.')
  assert.equal(await refused(at, 'mark', 'account', 'nobody', '--stellar'), 'There is no such account.')
  const nowhere = ['mark', 'collection', 'ada/wine', '--notable'] as const
  assert.equal(await refused(at, ...nowhere), 'There is no such collection.')
  const firehose = await refused(at, 'mark', 'collection', 'ada/firehose', '--notable')
  assert.equal(firehose, 'A firehose is not marked; mark its account.')
  const odd = await refused(at, 'mark', 'collection', 'ada/dark/bread', '--notable')
  assert.equal(odd, 'A collection is named by LOGIN/SLUG or by its id.')
})

test('a token of the command line works with HTTP Digest too', async () => {
  await using folder = await temporaryFolder()
  await run(folder.path, 'account', 'add', 'ada')
  const where = ['--owner', 'ada', '--redirect-uri', 'https://app.example/']
  const app = await run(folder.path, 'app', 'add', 'Postcards', ...where)
  const asked = ['--account', 'ada', '--app', String(app['client_id']), '--scopes', 'public']
  const token = String((await run(folder.path, 'token', 'add', ...asked))['access_token'])
  await using server = await startServer(folder.path)
  const uri = '/gimmebar/api/v1/auth/test'
  const challenge = await fetch(server.url + uri)
  const nonce = /nonce="([0-9a-f]{32})"/.exec(challenge.headers.get('www-authenticate') ?? '')?.[1] ?? ''
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const digest = (secret: string) => {
    const middle = `${nonce}:00000001:0a4f113b:auth`
    const response = md5(`${md5(`ada:GimmeBarAPI:${secret}`)}:${middle}:${md5(`GET:${uri}`)}`)
    return `Digest username="ada", realm="GimmeBarAPI", nonce="${nonce}", uri="${uri}", nc=00000001, cnonce="0a4f113b", qop=auth, response="${response}"`
  }
  const ask = async (authorization: string) =>
    (await fetch(server.url + uri, { headers: { authorization } })).status
  assert.equal(await ask(digest(`${token.slice(0, -1)}x`)), 401)
  assert.equal(await ask(digest(token)), 200)
})
