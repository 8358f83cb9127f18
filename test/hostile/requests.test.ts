import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine, type Answer } from '../helpers/vitrine.ts'
import { asUtf8, naughtyStrings, TELLS_TOO_MUCH } from './naughty-strings.ts'

const OFF = { VITRINE_DRIBBBLE_V1_LIMITS: 'off', VITRINE_DRIBBBLE_V2_LIMITS: 'off' }

/** Half of a surrogate pair has no spelling in an address. */
const encoded = (text: string) => encodeURIComponent(asUtf8(text))

/** Answered, not failed; and when refused, in the face's own form without a word about the machine. */
function assertAnswered(answer: Answer, what: string): void {
  assert.ok(answer.statusCode < 500, `${what}: ${answer.statusCode} ${answer.body}`)
  if (answer.statusCode < 400) return
  assert.equal(typeof (answer.data() as { message: unknown }).message, 'string', what)
  assert.doesNotMatch(answer.body, TELLS_TOO_MUCH, what)
}

test('every naughty string as a parameter comes back in links that can be followed', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  for (const title of ['One', 'Two', 'Three']) await vitrine.upload(ada, { title })
  for (const text of naughtyStrings) {
    const answer = await vitrine.anonymous.get(`/v1/shots?per_page=1&page=2&q=${encoded(text)}`)
    assert.equal(answer.statusCode, 200)
    const header = String(answer.headers.link)
    assert.match(header, /^[\x20-\x7e]+$/)
    const links = [...header.matchAll(/(?:^|, )<([^<>,;"]+)>; rel="(\w+)"/g)]
    assert.equal(links.map(([whole]) => whole).join(''), header, 'nothing else is in the header')
    assert.deepEqual(
      links.map(([, , rel]) => rel),
      ['next', 'prev', 'first', 'last'],
    )
    for (const [, url = ''] of links) assert.equal(new URL(url).searchParams.get('q'), asUtf8(text))
  }
})

test('every naughty string as a callback, an address, a filter or a page is answered', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  await vitrine.upload(ada)
  const { anonymous } = vitrine
  for (const text of naughtyStrings) {
    const name = encoded(text)
    const called = await anonymous.get(`/v1/users/ada?callback=${name}`)
    assertAnswered(called, `callback ${JSON.stringify(text)}`)
    const isScript = String(called.headers['content-type']).startsWith('application/javascript')
    const isName = /^[A-Za-z_$][\w$]*(?:\[\d+\]|\.[A-Za-z_$][\w$]*)*$/.test(text)
    assert.ok(!isScript || isName, `${JSON.stringify(text)} was written into a script`)
    if (!isScript) assert.equal(called.statusCode, text === '' ? 200 : 400)

    const filters = ['list', 'sort', 'timeframe', 'date', 'page', 'per_page'].map((one) => `${one}=${name}`)
    const queries = [
      filters.join('&'),
      `access_token=${name}`,
      `${name}=${name}&${name}[]=1&${name}[${name}]=1`,
    ]
    const paths = [`/v1/users/${name}`, `/v2/shots/${name}`, `/${name}`, `/users/1/screenshots/1/${name}`]
    for (const path of [...paths, ...queries.map((query) => `/v1/shots?${query}`)])
      assertAnswered(await anonymous.get(path), path)
  }
})

test('every naughty string in the headers is answered', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  await vitrine.upload(ada)
  const names = [
    'if-none-match',
    'if-modified-since',
    'if-range',
    'range',
    'accept',
    'origin',
    'user-agent',
    'x-forwarded-for',
    'x-forwarded-proto',
    'access-control-request-headers',
  ]
  const { images } = (await ada.get('/v1/shots/1')).data() as { images: { normal: string } }
  // As a client sends UTF-8: bytes, each a character of Latin 1.
  const sendable = naughtyStrings
    .map((text) => Buffer.from(text).toString('latin1'))
    .filter((text) => !/[\0\r\n]/.test(text))
  for (const text of sendable) {
    const headers = Object.fromEntries(names.map((name) => [name, text]))
    for (const path of ['/v1/shots', images.normal]) {
      const answer = await ada.get(path, { headers })
      assertAnswered(answer, JSON.stringify(text))
      for (const value of Object.values(answer.headers)) assert.doesNotMatch(String(value), /[\r\n]/)
    }
    assertAnswered(await ada.get('/v1/user', { headers: { authorization: text } }), JSON.stringify(text))
    const preflight = await ada.request({ method: 'OPTIONS', url: '/v1/shots', headers })
    assert.equal(preflight.statusCode, 200)
  }
})
