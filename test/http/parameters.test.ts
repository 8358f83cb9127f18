import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { BodyError } from '../../src/http/body-error.ts'
import { noParameters, parseForm, parseQuery } from '../../src/http/form.ts'
import { lastOf, mergeParameters, parseBody } from '../../src/http/parameters.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Values as JSON: the same whatever their prototypes. */
const form = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text).values))
const body = (type: string | undefined, text: string): unknown =>
  JSON.parse(JSON.stringify(parseBody(type, Buffer.from(text)).values))
const refusal = (type: string | undefined, text: string | Buffer): string => {
  try {
    parseBody(type, Buffer.from(text))
  } catch (error) {
    if (error instanceof BodyError) return error.kind
    throw error
  }
  return 'accepted'
}

test('forms, with lists and objects in brackets', () => {
  const cases: [string, unknown][] = [
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['&&a=1&', { a: '1' }],
    ['=1', {}],
    ['a=x+y%20z%2B', { a: 'x y z+' }],
    ['a+b=1', { 'a b': '1' }],
    ['a=%E4%BD%A0', { a: '你' }],
    ['a=%', { a: '%' }],
    ['a=%zz%41', { a: '%zzA' }],
    ['a=%FF', { a: '\uFFFD' }],
    ['tags[]=a&tags[]=b', { tags: ['a', 'b'] }],
    ['tags%5B%5D=a', { tags: ['a'] }],
    ['tags[]=', { tags: [''] }],
    ['tags=a&tags=b', { tags: ['a', 'b'] }],
    ['tags=a&tags[]=b&tags=c', { tags: ['a', 'b', 'c'] }],
    ['user[name]=a&user[tags][]=b&user[tags][]=c', { user: { name: 'a', tags: ['b', 'c'] } }],
    ['a[0]=x&a[1]=y', { a: { 0: 'x', 1: 'y' } }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['a[b]=2&a=1', { a: '1' }],
    ['a[b]=2&a[]=1', { a: ['1'] }],
    ['a[]=1&a[b]=2', { a: { b: '2' } }],
    ['a[=1&b]=2&[c]=3&d[e=4&f[]g=5&h[][i]=6&j[[k]]=7&l[m]n]=8', {
      'a[': '1', 'b]': '2', '[c]': '3', 'd[e': '4', 'f[]g': '5', 'h[][i]': '6', 'j[[k]]': '7', 'l[m]n]': '8',
    }], // prettier-ignore
    ['a[][]=1', { 'a[][]': '1' }],
    ['a[1][2][3][4][5][6][7]=x', { a: { 1: { 2: { 3: { 4: { 5: { 6: { 7: 'x' } } } } } } } }],
    ['a[1][2][3][4][5][6][7][8]=x', { 'a[1][2][3][4][5][6][7][8]': 'x' }],
  ]
  for (const [text, expected] of cases) assert.deepEqual(form(text), expected, text)
  assert.deepEqual(parseQuery('?a=1'), parseForm('a=1'))
})

// What an existing client sends to change only a title: names of all fields, a value for one
test('a name without an equals sign is mentioned but says nothing', () => {
  const { values, valueless } = parseForm('image&title=New&description&tags&team_id')
  assert.deepEqual({ ...values }, { title: 'New' })
  assert.deepEqual(valueless, ['image', 'description', 'tags', 'team_id'])
})

test('no name reaches a prototype, not even through a copy', () => {
  for (const text of [
    '__proto__[admin]=1',
    '__proto__=1',
    '__proto__[]=1',
    'constructor[prototype][admin]=1',
    'a[__proto__][admin]=1',
  ]) {
    const copy: object = Object.assign({}, parseForm(text).values)
    assert.equal(Object.getPrototypeOf(copy), Object.prototype, text)
    assert.equal('admin' in {}, false, text)
  }
  const json = parseBody(
    'application/json',
    Buffer.from('{"__proto__":{"admin":1},"a":{"__proto__":{"b":1},"c":1}}'),
  )
  assert.deepEqual(Object.keys(json.values), ['a'])
  assert.deepEqual(JSON.stringify(json.values), '{"a":{"c":1}}')
  assert.equal(Object.getPrototypeOf(json.values['a']), null)
  assert.equal(mergeParameters(json, noParameters()).values['toString'], undefined)
})

test('at most 1,000 parameters', () => {
  assert.equal(
    Object.keys(parseForm(Array.from({ length: 1_000 }, (_, at) => `k${at}=1`).join('&')).values).length,
    1_000,
  )
  assert.throws(() => parseQuery('a&'.repeat(1_000)), { kind: 'too_many_parameters' })
})

test('any text is a form', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '[', ']', '[]', '=', '&', '%', '%5B', '+', '\uD800', 'é')),
      (pieces) => {
        const { values } = parseForm(pieces.join(''))
        assert.doesNotThrow(() => JSON.stringify(values))
      },
    ),
    { numRuns: 500 },
  )
})

// API v1 overview, "Parameters": the sample posts JSON text under the form type
test('JSON under the JSON types and under the form type', () => {
  const value = { title: 'Harbour', tags: ['a', 'b'], n: 1, on: true, none: null, in: { deep: [{}] } }
  const json = JSON.stringify(value)
  for (const type of [
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/vnd.a.v2+json',
    FORM,
    undefined,
  ]) {
    assert.deepEqual(body(type, json), value, String(type))
    assert.deepEqual(body(type, `\uFEFF \r\n\t${json}\n`), value, String(type))
  }
  assert.deepEqual(body(FORM, 'title=%7B%7D'), { title: '{}' })
  assert.deepEqual(body(`${FORM};charset=UTF-8`, 'a=é'), { a: 'é' })
  assert.deepEqual(body(undefined, 'a=1'), { a: '1' })
})

test('an empty body has no parameters, whatever its type', () => {
  for (const type of ['application/json', FORM, 'text/plain', 'multipart/form-data', undefined]) {
    assert.deepEqual(body(type, ''), {}, String(type))
  }
  assert.deepEqual(body('application/json', ' \r\n'), {})
})

test('bodies that cannot be read are refused by reason', () => {
  const cases: [string | undefined, string | Buffer, string][] = [
    ['application/json', '{', 'malformed_json'],
    ['application/json', 'a=1', 'malformed_json'],
    ['application/json', '{"a":1}}', 'malformed_json'],
    ['application/json', "{'a':1}", 'malformed_json'],
    ['application/json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'malformed_json'],
    [FORM, '{"a":', 'malformed_json'],
    [FORM, '["a"]', 'not_an_object'],
    ['application/json', '[]', 'not_an_object'],
    ['application/json', 'null', 'not_an_object'],
    ['application/json', '"a"', 'not_an_object'],
    ['application/json', '1', 'not_an_object'],
    ['application/json', `{"a":${'['.repeat(31)}${']'.repeat(31)}}`, 'accepted'],
    ['application/json', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'too_deep'],
    ['application/json', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'too_deep'],
    ['application/json', '['.repeat(200_000), 'malformed_json'],
    ['text/plain', 'a=1', 'unsupported_type'],
    ['multipart/form-data; boundary=b', 'a=1', 'unsupported_type'],
    ['application/jsonp', '{}', 'unsupported_type'],
  ]
  for (const [type, text, expected] of cases)
    assert.equal(refusal(type, text), expected, `${type} ${text.slice(0, 20).toString()}`)
})

test('query and body are one: the body wins, a name alone takes nothing away', () => {
  const merged = mergeParameters(parseQuery('title=a&page=2&flag'), parseForm('title=b&page&flag'))
  assert.deepEqual({ ...merged.values }, { title: 'b', page: '2' })
  assert.deepEqual(merged.valueless, ['flag', 'page'])
})

test('the last of a repeated parameter', () => {
  assert.equal(lastOf(parseForm('list=a&list=b').values['list']), 'b')
  assert.equal(lastOf('a'), 'a')
  assert.equal(lastOf([]), undefined)
  assert.equal(lastOf(undefined), undefined)
})
