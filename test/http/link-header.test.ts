import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLinks, pageLinks } from '../../src/http/link-header.ts'

const BASE = 'https://vitrine.example/v1/shots'

function rels(page: number, lastPage: number | null, hasNext: boolean): string {
  const links = pageLinks({ base: BASE, page, lastPage, hasNext, keep: new URLSearchParams() })
  return links.map(({ rel, url }) => `${rel}=${new URL(url).searchParams.get('page')}`).join(' ')
}

// API v1 overview, "Link Header": `<url>; rel="next", <url>; rel="last"`, with further parameters `bar="baz"`
test('links are printed in the documented form', () => {
  const links = [
    { url: 'https://a.example/?page=2', rel: 'next' },
    { url: 'https://a.example/?page=9', rel: 'foo', bar: 'baz' },
  ]
  assert.equal(
    formatLinks(links),
    '<https://a.example/?page=2>; rel="next", <https://a.example/?page=9>; rel="foo"; bar="baz"',
  )
  assert.equal(formatLinks([]), '')
})

test('nothing in an address can break the header', () => {
  const cases: [string, string][] = [
    ['https://a.example/?tags=a,b;c', '<https://a.example/?tags=a%2Cb%3Bc>'],
    ['https://a.example/?q=<x>"y" z', '<https://a.example/?q=%3Cx%3E%22y%22%20z>'],
    ['https://a.example/?q=a\r\nSet-Cookie:b', '<https://a.example/?q=a%0D%0ASet-Cookie:b>'],
    ['https://a.example/é\uD800', '<https://a.example/%C3%A9%EF%BF%BD>'],
    ['https://a.example/%2C', '<https://a.example/%2C>'],
  ]
  for (const [url, printed] of cases) assert.equal(formatLinks([{ url, rel: 'x' }]), `${printed}; rel="x"`)
  assert.equal(formatLinks([{ url: 'u', rel: 'a"b\\c\r\n' }]), String.raw`<u>; rel="a\"b\\c"`)
})

test('each page links to its neighbours in the order next, prev, first, last', () => {
  const cases: [number, number | null, boolean, string][] = [
    [1, 1, false, ''],
    [1, 0, false, ''],
    [1, null, false, ''],
    [1, 3, true, 'next=2 last=3'],
    [2, 3, true, 'next=3 prev=1 first=1 last=3'],
    [3, 3, false, 'prev=2 first=1'],
    [2, null, true, 'next=3 prev=1 first=1'],
    [2, null, false, 'prev=1 first=1'],
    [9, 3, false, 'prev=3 first=1 last=3'],
    [9, 0, false, 'prev=1 first=1 last=1'],
  ]
  for (const [page, last, hasNext, expected] of cases) {
    assert.equal(rels(page, last, hasNext), expected, `page ${page} of ${last}`)
  }
})

test('the query is kept in its order, page replaced where it stands, dropped names gone', () => {
  const url = (query: string, drop: string[] = []): string | undefined =>
    pageLinks({
      base: BASE,
      page: 1,
      lastPage: null,
      hasNext: true,
      keep: new URLSearchParams(query),
      drop,
    })[0]?.url

  assert.equal(url(''), `${BASE}?page=2`)
  assert.equal(url('per_page=9'), `${BASE}?per_page=9&page=2`)
  assert.equal(url('a=1&page=1&b=2&page=7'), `${BASE}?a=1&page=2&b=2`)
  assert.equal(url('list=a,b&access_token=t'), `${BASE}?list=a%2Cb&access_token=t&page=2`)
  assert.equal(url('callback=f&page=1', ['callback']), `${BASE}?page=2`)
})
