import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMultipart } from '../../src/http/multipart.ts'
import type { MultipartLimits } from '../../src/http/multipart.ts'
import { END, LIMITS, TYPE, arriving, field, file, refusal, toText } from './multipart-bodies.ts'

async function read(body: string | Buffer, pieceBytes?: number, limits: Partial<MultipartLimits> = {}) {
  const { fields, files } = await readMultipart(
    arriving(body, pieceBytes),
    TYPE,
    { ...LIMITS, ...limits },
    toText,
  )
  const values: unknown = JSON.parse(JSON.stringify(fields.values))
  return { values, valueless: fields.valueless, files }
}

test('fields and files in any order, cut into pieces of any size', async () => {
  const parts = [
    field('title', 'Häfen'),
    field('description', ''),
    file('image', 'harbour ä.png', '\x89PNG\r\n--lin\r\n-\r\n\r\n'),
    field('tags[]', 'a'),
    field('tags[]', 'b'),
  ]
  for (const order of [parts, parts.toReversed()]) {
    const body = `preamble\r\n${order.join('')}${END}epilogue`
    const expected = order === parts ? ['a', 'b'] : ['b', 'a']
    for (const pieceBytes of [1, 2, 3, 7, 64, 65_536]) {
      const { values, valueless, files } = await read(body, pieceBytes)
      assert.deepEqual(values, sorted({ title: 'Häfen', description: '', tags: expected }, values))
      assert.deepEqual(valueless, [])
      assert.deepEqual(files, [
        {
          field: 'image',
          fileName: 'harbour ä.png',
          mimeType: 'image/png',
          stored: '\x89PNG\r\n--lin\r\n-\r\n\r\n',
        },
      ])
    }
  }
})

test('parts of a JSON type are what the JSON says, unless they are files', async () => {
  const { values, files } = await read(
    field('title', '"Harbour"', 'application/json; charset=UTF-8') +
      field('tags', '["a",{"b":null}]', 'application/json') +
      field('note', '', 'application/json') +
      file('file', 'data.json', '{"a":1}', 'application/json') +
      END,
  )
  assert.deepEqual(values, { title: 'Harbour', tags: ['a', { b: null }], note: '' })
  assert.equal(files[0]?.stored, '{"a":1}')
  assert.equal(await refusal(read(field('tags', '[', 'application/json') + END)), 'malformed_json')
})

test('a file input left empty is only mentioned; an empty file is a file', async () => {
  const empty = file('image', '', '', 'application/octet-stream')
  assert.deepEqual(await read(empty + field('a', '1') + END), {
    values: { a: '1' },
    valueless: ['image'],
    files: [],
  })
  const named = await read(file('image', 'a.png', '') + END)
  assert.deepEqual(named.files, [{ field: 'image', fileName: 'a.png', mimeType: 'image/png', stored: '' }])
  const unnamed = await read(file('image', '', 'bytes') + END)
  assert.equal(unnamed.files[0]?.stored, 'bytes')
})

test('only the last part of a path is a file name, and hostile names of fields are harmless', async () => {
  const { files, values } = await read(
    file('f', '../../etc/passwd', 'x') +
      file('f', 'C:\\a\\b.png', 'x') +
      field('__proto__[admin]', '1') +
      END,
  )
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ['passwd', 'b.png'],
  )
  assert.deepEqual(values, {})
  assert.equal('admin' in {}, false)
})

test('each limit has its refusal, and a body exactly at the limit passes', async () => {
  const cases: [string, string, Partial<MultipartLimits>, string][] = [
    ['file at limit', file('f', 'a', 'x'.repeat(1_000)) + END, {}, 'accepted'],
    ['file over', file('f', 'a', 'x'.repeat(1_001)) + END, {}, 'too_large'],
    ['field at limit', field('a', 'x'.repeat(100)) + END, {}, 'accepted'],
    ['field over', field('a', 'x'.repeat(101)) + END, {}, 'too_large'],
    ['parts at limit', field('a', '1').repeat(10) + END, {}, 'accepted'],
    ['parts over', field('a', '1').repeat(11) + END, {}, 'too_many_parts'],
    ['total at limit', field('a', '1') + END, { totalBytes: (field('a', '1') + END).length }, 'accepted'],
    ['total over', field('a', '1') + END, { totalBytes: (field('a', '1') + END).length - 1 }, 'too_large'],
    ['preamble over', 'x'.repeat(20_000), {}, 'too_large'],
    ['epilogue over', field('a', '1') + END + 'x'.repeat(20_000), {}, 'too_large'],
  ]
  for (const [name, body, limits, expected] of cases) {
    for (const pieceBytes of [97, 65_536])
      assert.equal(await refusal(read(body, pieceBytes, limits)), expected, name)
  }
})

test('types and bodies that are no multipart', async () => {
  const types = [
    undefined,
    '',
    'text/plain',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/mixed; boundary=line',
  ]
  for (const type of types) {
    assert.equal(
      await refusal(readMultipart(arriving(field('a', '1') + END), type, LIMITS, toText)),
      'malformed',
      String(type),
    )
  }
  for (const body of ['', 'a=1&b=2', '--lin', '--line', '--line\r\n', '--other\r\n\r\n--other--']) {
    assert.equal(await refusal(read(body)), 'truncated', JSON.stringify(body))
  }
  assert.deepEqual(await read(END), { values: {}, valueless: [], files: [] })
})

/** The expected values with keys in the order in which they arrived. */
function sorted(expected: Record<string, unknown>, arrived: unknown): unknown {
  assert.ok(typeof arrived === 'object' && arrived !== null)
  return Object.fromEntries(Object.keys(arrived).map((name) => [name, expected[name]]))
}
