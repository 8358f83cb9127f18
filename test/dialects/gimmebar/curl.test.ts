import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { desktopApp, startGimmebar } from '../../helpers/start-gimmebar.ts'

const run = promisify(execFile)

/** Headers of the requests as "Authorization for devices and desktop apps" prints them, with names of our own. */
const PRINTED = [
  'Origin: app://com.example.postcards',
  'X-Requested-With: XMLHttpRequest',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/533.6+ (KHTML, like Gecko) Postcards/1.1.0',
  'Content-Type: application/x-www-form-urlencoded; charset=UTF-8',
  'Accept: */*',
  'Accept-Language: en-us',
]

interface Heard {
  status: number
  headers: Map<string, string>
  body: string
}

/** One request by curl: the last answer of those it had to ask for. */
async function curl(...options: string[]): Promise<Heard> {
  const { stdout } = await run('curl', ['--silent', '--max-time', '30', '--include', ...options])
  const at = stdout.lastIndexOf('HTTP/1.1 ')
  const [head = '', ...rest] = stdout.slice(at).split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = lines.map((one): [string, string] => {
    const colon = one.indexOf(': ')
    return [one.slice(0, colon), one.slice(colon + 2)]
  })
  return { status: Number(line.split(' ')[1]), headers: new Map(headers), body: rest.join('\r\n\r\n') }
}

const printed = (form: string) => [
  ...PRINTED.flatMap((header) => ['--header', header]),
  '--compressed',
  '--data',
  form,
]

/** An answer of the walk-through, compared byte for byte with the pattern of what is printed. */
function sameAs({ status, headers, body }: Heard, pattern: RegExp, bytes: number): string[] {
  assert.equal(status, 200, body)
  assert.match(body, pattern)
  assert.deepEqual(
    [headers.get('Content-Type'), headers.get('Content-Length')],
    ['application/json; charset=utf-8', String(bytes)],
  )
  return [...(pattern.exec(body) ?? [])].slice(1)
}

/** Somebody else's client, over real connections. */
test('the walk-through as printed with curl, then --digest, --basic and a Bearer header', async (t) => {
  const found = await run('curl', ['--version']).catch(() => null)
  if (found === null) return t.skip('there is no curl here')
  await using bar = await startGimmebar({ reach: 'path', at: new Date().toISOString() })
  const ada = await bar.person('adalovely')
  const app = await desktopApp(bar, ada)
  const api = `${await bar.vitrine.server.listen({ host: '127.0.0.1', port: 0 })}/gimmebar/api/v1`
  const post = (path: string, form: string) => curl(...printed(form), `${api}/${path}`)

  const client = `client_id=${app.clientId}&client_secret=${app.clientSecret}&type=app`
  const asked = await post('auth/token/request', client)
  const [token = ''] = sameAs(asked, /^\{"request_token":"([0-9a-f]{32})","expires":\d{10}\}$/, 73)
  assert.equal(asked.headers.get('Access-Control-Allow-Origin'), '*')
  await app.decide(ada, token)
  const form = `client_id=${app.clientId}&token=${token}&response_type=code`
  const exchanged = await post('auth/token/authorization', form)
  const [code = ''] = sameAs(exchanged, /^\{"code":"([0-9a-f]{32})","expires":\d{10}\}$/, 64)
  const given = await post('auth/token/access', `code=${code}&grant_type=authorization_code`)
  // 210 bytes are printed for a username of nine letters, as this one is.
  const pattern =
    /^\{"access_token":"([0-9a-f]{32})","refresh_token":"[0-9a-f]{32}","token_type":"bearer","expires_in":null,"user_id":"[0-9a-f]{32}","username":"adalovely"\}$/
  const [access = ''] = sameAs(given, pattern, 210)

  const user = `adalovely:${access}`
  for (const name of ['salt', 'bread', 'flour', 'oven']) {
    const said = ['--data-urlencode', `title=${name}`, '--data-urlencode', `description=A #${name}`]
    const source = ['--data', `source=https://example.org/&text=${name}`]
    const made = await curl('--digest', '--user', user, ...said, ...source, `${api}/asset`)
    assert.equal(made.status, 200, made.body)
  }
  const tags = '["bread","flour","oven","salt"]'
  const ways = [
    ['--digest', '--user', user],
    ['--basic', '--user', user],
    ['--anyauth', '--user', user],
    ['--header', `Authorization: Bearer ${access}`],
  ]
  for (const way of ways) {
    const { status, headers, body } = await curl(...way, `${api}/tags`)
    assert.deepEqual([status, body], [200, tags], way.join(' '))
    assert.equal(headers.get('Content-Type'), 'application/json; charset=utf-8')
  }
  // One nonce for several requests, counted.
  const { stdout: twice } = await run('curl', [
    '--silent',
    '--digest',
    '--user',
    user,
    `${api}/tags?a=1`,
    `${api}/tags?a=2`,
  ])
  assert.equal(twice, tags + tags)
  for (const scheme of ['--digest', '--basic']) {
    const wrong = await curl(scheme, '--user', 'adalovely:wrong', `${api}/tags`)
    assert.equal(wrong.status, 401, scheme)
    assert.match(wrong.body, /^\{"errors":\[\{"name":"NOT_AUTHORIZED","message":"[^"]+","code":401\}\]\}$/)
  }
})
