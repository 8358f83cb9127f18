import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { samplePicture } from '../helpers/pictures.ts'
import { multipart, startVitrine, type Answer, type Person, type Vitrine } from '../helpers/vitrine.ts'
import { TELLS_TOO_MUCH } from './naughty-strings.ts'

const OFF = { VITRINE_DRIBBBLE_V1_LIMITS: 'off', VITRINE_DRIBBBLE_V2_LIMITS: 'off' }
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const LINE = 'multipart/form-data; boundary=line'
const MB = 1024 * 1024

interface Library extends AsyncDisposable {
  vitrine: Vitrine
  ada: Person
  id: number
  /** Every method of the APIs that reads a body, on things that are there. */
  writes: readonly { method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string }[]
}

async function openLibrary(): Promise<Library> {
  const vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada', { approved: true })
  const id = await vitrine.upload(ada, { title: 'Before' })
  const idOf = (answer: Answer) => (answer.data() as { id: number }).id
  const project = idOf(await ada.post('/v2/projects', { name: 'Project' }))
  const bucket = idOf(await ada.post('/v1/buckets', { name: 'Bucket' }))
  const comment = idOf(await ada.post(`/v1/shots/${id}/comments`, { body: 'Comment' }))
  const writes = [
    { method: 'POST', url: '/v2/shots' },
    { method: 'POST', url: '/v1/shots' },
    { method: 'PUT', url: `/v2/shots/${id}` },
    { method: 'PATCH', url: `/v1/shots/${id}` },
    { method: 'DELETE', url: `/v2/shots/${id}` },
    { method: 'POST', url: `/v2/shots/${id}/attachments` },
    { method: 'POST', url: `/v2/shots/${id}/like` },
    { method: 'POST', url: '/v2/projects' },
    { method: 'PUT', url: `/v2/projects/${project}` },
    { method: 'POST', url: '/v1/buckets' },
    { method: 'PUT', url: `/v1/buckets/${bucket}` },
    { method: 'PUT', url: `/v1/buckets/${bucket}/shots` },
    { method: 'POST', url: `/v1/shots/${id}/comments` },
    { method: 'PUT', url: `/v1/shots/${id}/comments/${comment}` },
    { method: 'POST', url: '/v2/jobs' },
  ] as const
  return { vitrine, ada, id, writes, [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose]() }
}

type Body = string | Buffer
const send = (ada: Person, to: Library['writes'][number], type: string, payload: Body) =>
  ada.request({ ...to, headers: { 'content-type': type }, payload })

/** Refused with this status and body, in words that tell nothing of the machine. */
function assertSays(answer: Answer, status: number, body: unknown, what: string): void {
  assert.deepEqual([answer.statusCode, answer.data()], [status, body], what)
  assert.doesNotMatch(answer.body, TELLS_TOO_MUCH)
}

/** Whatever was refused, nothing is left of it. */
async function assertUntouched({ vitrine, ada, id }: Library): Promise<void> {
  assert.equal(((await ada.get(`/v2/shots/${id}`)).data() as { title: string }).title, 'Before')
  const { n } = await vitrine.ctx.db
    .selectFrom('item')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  assert.equal(n, 1)
  assert.deepEqual(await readdir(join(vitrine.ctx.config.data, 'incoming')), [])
}

const deep = (levels: number) => `{"title":${'['.repeat(levels)}${']'.repeat(levels)}}`
const many = (count: number, pair: (at: number) => string, between: string) =>
  Array.from({ length: count }, (_, at) => pair(at)).join(between)
const field = (name: string, value: string) =>
  `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

const malformedJson: readonly Body[] = [
  '{',
  '{"title":',
  '{"title":"After",}',
  "{'title':'After'}",
  '{"title":"After"}{"title":"After"}',
  '{"title":NaN}',
  '{"title":01}',
  '{"title":"a\nb"}',
  '{"title":"\\x41"}',
  '{title:"After"}',
  '{"title":"After"} //',
  'nul',
  '"',
  'After',
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"title":"After"}', 'utf16le'),
]

// Client errors of the later pages: "Problem parsing JSON." and "Body should be a JSON object."
test('JSON that is none is 400 on every method, and changes nothing', async () => {
  await using library = await openLibrary()
  const { ada, writes } = library
  for (const to of writes) {
    for (const body of malformedJson)
      assertSays(
        await send(ada, to, JSON_TYPE, body),
        400,
        { message: 'Problem parsing JSON.' },
        `${to.url} ${String(body)}`,
      )
    for (const body of ['[]', '"title"', '1', 'null', 'true', '[{"title":"After"}]'])
      assertSays(
        await send(ada, to, JSON_TYPE, body),
        400,
        { message: 'Body should be a JSON object.' },
        to.url,
      )
    assertSays(await send(ada, to, FORM_TYPE, '{"title":'), 400, { message: 'Problem parsing JSON.' }, to.url)
  }
  await assertUntouched(library)
})

test('a body that is too deep, has too many parts, or is of no known type is refused on every method', async () => {
  await using library = await openLibrary()
  const { ada, writes } = library
  const tooMany = { message: 'The body holds too many parameters.' }
  const broken = { message: 'Problem parsing the multipart body.' }
  const unsupported = { message: 'The body has an unsupported content type.' }
  for (const to of writes) {
    for (const levels of [33, 5_000])
      assertSays(await send(ada, to, JSON_TYPE, deep(levels)), 400, tooMany, to.url)
    const pairs = many(10_000, (at) => `key${at}=${at}`, '&')
    assertSays(await send(ada, to, FORM_TYPE, pairs), 400, tooMany, to.url)
    const parts = `${many(10_000, (at) => field(`key${at}`, 'x'), '')}--line--\r\n`
    assertSays(await send(ada, to, LINE, parts), 400, tooMany, to.url)
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=other',
    ])
      assertSays(
        await send(ada, to, type, `${field('title', 'After')}--line--\r\n`),
        400,
        broken,
        `${to.url} ${type}`,
      )
    for (const type of [
      'application/xml',
      'multipart/mixed; boundary=line',
      'image/png',
      'application/octet-stream',
    ])
      assertSays(await send(ada, to, type, '<title>After</title>'), 415, unsupported, `${to.url} ${type}`)
  }
  await assertUntouched(library)
})

test('what is odd and can be understood is understood', async () => {
  await using library = await openLibrary()
  const { ada, id } = library
  const to = { method: 'PUT', url: `/v2/shots/${id}` } as const
  const cases: readonly [type: string, body: Body, title: string][] = [
    [JSON_TYPE, `{${many(10_000, (at) => `"key${at}":${at}`, ',')},"title":"Ten thousand"}`, 'Ten thousand'],
    [JSON_TYPE, `{"${'n'.repeat(MB)}":1,"title":"Long name"}`, 'Long name'],
    [JSON_TYPE, '{"title":"First","title":"Last"}', 'Last'],
    [JSON_TYPE, '\ufeff{"title":"Byte order mark"}', 'Byte order mark'],
    [JSON_TYPE, '{"title":["First","Last of a list"]}', 'Last of a list'],
    [JSON_TYPE, '{"title":12}', '12'],
    [
      JSON_TYPE,
      '{"__proto__":{"title":"Inherited"},"constructor":{"prototype":{"title":"No"}},"title":"Own"}',
      'Own',
    ],
    [JSON_TYPE, '', 'Own'],
    [FORM_TYPE, '{"title":"JSON by another name"}', 'JSON by another name'],
    [FORM_TYPE, 'title=First&title=Last', 'Last'],
    [FORM_TYPE, 'title=100%&%zz=%', '100%'],
    [FORM_TYPE, '&&&=&title&tags', '100%'],
    [FORM_TYPE, 'title[x]=1&title=Plain', 'Plain'],
    [LINE, `${field('title', 'First')}${field('title', 'Last')}--line--\r\n`, 'Last'],
    [LINE, `preamble\r\n${field('title', 'Framed')}--line--\r\nepilogue`, 'Framed'],
    [LINE, `${field('n'.repeat(100_000), 'x')}${field('title', 'Long field')}--line--\r\n`, 'Long field'],
    ['text/plain', 'title=Plain+text', 'Plain text'],
  ]
  for (const [type, body, title] of cases) {
    const answer = await send(ada, to, type, body)
    assert.equal(answer.statusCode, 200, `${type} ${String(body).slice(0, 80)}: ${answer.body}`)
    assert.equal((answer.data() as { title: string }).title, title)
  }
})

interface Refused {
  message: string
  errors: { attribute: string; message: string }[]
}
const attributes = (answer: Answer) =>
  (answer.data() as Refused).errors.map(({ attribute }) => attribute).toSorted()

test('wrong types and missing fields are 422, each named, all at once', async () => {
  await using library = await openLibrary()
  const { ada, id } = library
  const image = await samplePicture({ width: 400, height: 300 })
  const wrong: readonly [field: string, values: readonly unknown[]][] = [
    ['title', [{}, { a: 1 }, null, '', '   ', 'x'.repeat(256), [{}]]],
    ['description', [{}, { a: 1 }, [{}], 'x'.repeat(100_001)]],
    ['tags', [{}, [{}], [['a']], [null], many(13, String, ',')]],
    ['low_profile', ['maybe', {}, 2, [{}]]],
    ['team_id', ['x', -1, 1.5, 1e99, {}, 'Infinity', 999_999]],
    ['scheduled_for', ['tomorrow', 1_431_000_000_000, {}, '2026-02-30', '2026-13-01T00:00:00Z']],
  ]
  for (const [name, values] of wrong)
    for (const value of values) {
      const answer = await ada.put(`/v2/shots/${id}`, { [name]: value })
      assert.equal(answer.statusCode, 422, `${name} ${JSON.stringify(value)}: ${answer.body}`)
      assert.deepEqual(attributes(answer), [name])
      assert.equal((answer.data() as Refused).message, 'Validation failed.')
    }
  assert.deepEqual(attributes(await ada.post('/v2/shots', {})), ['image', 'title'])
  assert.deepEqual(attributes(await ada.post('/v2/shots', undefined, multipart({ title: '' }))), [
    'image',
    'title',
  ])
  assert.deepEqual(attributes(await ada.post('/v2/shots', undefined, multipart({}, { image }))), ['title'])
  const far = { title: 'After', rebound_source_id: 999_999 }
  assert.deepEqual(attributes(await ada.post('/v2/shots', undefined, multipart(far, { image }))), [
    'rebound_source_id',
  ])
  const all = {
    title: ' ',
    low_profile: 'maybe',
    team_id: 'x',
    scheduled_for: 'soon',
    rebound_source_id: 'y',
  }
  const answer = await ada.post('/v2/shots', undefined, multipart(all, { image: Buffer.from('no picture') }))
  assert.deepEqual(attributes(answer), ['image', ...Object.keys(all)].toSorted())
  for (const image of [
    1,
    {},
    [],
    'picture.png',
    'data:image/png;base64,',
    'data:image/png,abc',
    'data:;base64,AAAA',
  ])
    assert.deepEqual(attributes(await ada.post('/v2/shots', { title: 'After', image })), ['image'])
  // "Scheduling": for pro accounts and teams
  assert.equal(
    (await ada.put(`/v2/shots/${id}`, { scheduled_for: '2030-01-01' })).statusCode,
    200,
    'published already',
  )
  const early = multipart({ title: 'After', scheduled_for: '2030-01-01' }, { image })
  assert.equal((await ada.post('/v2/shots', undefined, early)).statusCode, 403)
  await assertUntouched(library)
})

test('a multipart body that ends at any byte is refused and leaves nothing', async () => {
  await using library = await openLibrary()
  const { ada } = library
  const image = await samplePicture({ width: 400, height: 300 })
  const { payload, headers } = multipart({ title: 'After', tags: ['one', 'two'] }, { image })
  const end = payload.length
  const cuts = [
    ...Array.from({ length: 600 }, (_, at) => at),
    ...Array.from({ length: 60 }, (_, at) => 600 + Math.floor((at * (end - 700)) / 60)),
    ...Array.from({ length: 96 }, (_, at) => end - 100 + at),
  ]
  for (const cut of cuts) {
    const answer = await ada.post('/v2/shots', undefined, { headers, payload: payload.subarray(0, cut) })
    assertSays(answer, 400, { message: 'Problem parsing the multipart body.' }, `cut at ${cut} of ${end}`)
  }
  await assertUntouched(library)
})

test('what is larger than the limits is 422, and nothing of it stays', async () => {
  await using library = await openLibrary()
  const { ada, id } = library
  const problem = (attribute: string, mb: number) => ({
    message: 'Validation failed.',
    errors: [{ attribute, message: `is too large (at most ${mb} MB)` }],
  })
  const file = (bytes: number) => multipart({ title: 'After' }, { image: Buffer.alloc(bytes, 'x') })
  assertSays(await ada.post('/v2/shots', undefined, file(8 * MB + 1)), 422, problem('image', 8), 'a picture')
  assertSays(await ada.post('/v2/shots', undefined, file(10 * MB + 1)), 422, problem('base', 10), 'a file')
  const title = 'x'.repeat(12 * MB)
  assertSays(await ada.put(`/v2/shots/${id}`, { title }), 422, problem('base', 10), 'JSON')
  const text = { headers: { 'content-type': FORM_TYPE }, payload: `title=${title}` }
  assertSays(await ada.put(`/v2/shots/${id}`, undefined, text), 422, problem('base', 10), 'a form')
  assertSays(
    await ada.put(`/v2/shots/${id}`, undefined, multipart({ title: title + 'x' })),
    422,
    problem('base', 10),
    'a field',
  )
  await assertUntouched(library)
})
