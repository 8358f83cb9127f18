import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'
import { FetchError, type FetchErrorKind } from '../../src/fetching/errors.ts'
import { openFetcher } from '../../src/fetching/fetcher.ts'
import { listening, quick, testFetcher, until, webServer, wireServer } from './servers.ts'

const data = join(import.meta.dirname, '../data/fetching')
const certificate = readFileSync(join(data, 'server-certificate.pem'), 'utf8')
const key = readFileSync(join(data, 'server-key.pem'), 'utf8')

const maxBytes = 100_000

const failing = (kind: FetchErrorKind) => (error: unknown) => {
  assert.ok(error instanceof FetchError, String(error))
  assert.equal(error.kind, kind, `${error.message}: ${String(error.cause)}`)
  return true
}

describe('a fetch', () => {
  test('brings status, type, headers and bytes, and says who asks and nothing else', async () => {
    let asked: Record<string, unknown> = {}
    await using server = await webServer((request, response) => {
      asked = { ...request.headers, url: request.url, method: request.method }
      response.writeHead(404, {
        'content-type': 'Text/HTML; Charset="UTF-8"',
        'set-cookie': 'a=b',
        etag: '"x"',
      })
      response.end('not here')
    })
    await using fetcher = testFetcher()
    const { bytes, ...head } = await fetcher.fetchBytes(`${server.url}/a?b=c#d`, {
      maxBytes,
      accept: 'text/html',
    })
    assert.equal(bytes.toString(), 'not here')
    assert.equal(head.status, 404)
    assert.equal(head.mimeType, 'text/html')
    assert.equal(head.charset, 'utf-8')
    assert.equal(head.headers['etag'], '"x"')
    assert.equal(head.headers['set-cookie'], undefined)
    assert.deepEqual(asked, {
      host: `127.0.0.1:${server.port}`,
      connection: 'close',
      'user-agent': 'vitrine-tests',
      accept: 'text/html',
      'accept-encoding': 'gzip, deflate, br',
      url: '/a?b=c',
      method: 'GET',
    })
    await until(() => server.open() === 0)
  })

  for (const [encoding, bytes] of [
    ['gzip', gzipSync('many words')],
    ['deflate', deflateSync('many words')],
    ['br', brotliCompressSync('many words')],
    ['gzip, br', brotliCompressSync(gzipSync('many words'))],
  ] as const)
    test(`unpacks ${encoding}`, async () => {
      await using server = await webServer((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(bytes)
      })
      await using fetcher = testFetcher()
      assert.equal((await fetcher.fetchBytes(server.url, { maxBytes })).bytes.toString(), 'many words')
    })

  test('is refused for what is no http address, before anything is asked', async () => {
    await using fetcher = openFetcher({
      userAgent: 'vitrine-tests',
      resolve: () => assert.fail('a resolver was asked'),
    })
    const bad = [
      'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'data:text/html,hello', 'javascript:alert(1)',
      'http://', 'no address', '', 'http://user@example.com/', 'http://user:word@example.com/', 'http://:w@example.com/',
      `http://example.com/${'a'.repeat(9_000)}`, 'http://example.com:99999/', 'http://exa mple.com/', 'http://1.2.3.4.5/',
    ] // prettier-ignore
    for (const url of bad) await assert.rejects(fetcher.fetchUrl(url, { maxBytes }), failing('bad_url'), url)
  })

  test('over https: the name of the address, and a certificate that is trusted', async () => {
    await using server = await listening(
      createSecureServer({ cert: certificate, key }, (_request, response) => void response.end('sealed')),
    )
    const resolve = async () => ['127.0.0.1']
    await using trusting = testFetcher({ resolve, ca: certificate })
    const { bytes } = await trusting.fetchBytes(`https://pages.test:${server.port}/`, { maxBytes })
    assert.equal(bytes.toString(), 'sealed')
    const other = `https://other.test:${server.port}/`
    await assert.rejects(trusting.fetchUrl(other, { maxBytes }), failing('unreachable'))
    await using wary = testFetcher({ resolve })
    const untrusted = `https://pages.test:${server.port}/`
    await assert.rejects(wary.fetchUrl(untrusted, { maxBytes }), failing('unreachable'))
    await until(() => server.open() === 0)
  })
})

describe('redirects', () => {
  test('are followed three times, relative ones too, and the last address is told', async () => {
    await using server = await webServer((request, response) => {
      const step = Number(request.url?.slice(1))
      if (step < 3) response.writeHead([301, 302, 307][step] ?? 308, { location: `${step + 1}` }).end('moved')
      else response.end(`step ${step}`)
    })
    await using fetcher = testFetcher()
    const { url, bytes } = await fetcher.fetchBytes(`${server.url}/0`, { maxBytes })
    assert.equal(url, `${server.url}/3`)
    assert.equal(bytes.toString(), 'step 3')
    await until(() => server.open() === 0)
  })

  test('a fourth one and a circle are too many', async () => {
    await using server = await webServer((_request, response) => {
      response.writeHead(302, { location: '/' }).end()
    })
    await using fetcher = testFetcher()
    await assert.rejects(fetcher.fetchUrl(server.url, { maxBytes }), failing('too_many_redirects'))
    assert.equal(server.connections(), 4)
    await until(() => server.open() === 0)
  })

  for (const [location, kind] of [
    ['file:///etc/passwd', 'bad_url'],
    ['http://user:word@127.0.0.1/', 'bad_url'],
    ['http://', 'bad_url'],
    ['http://127.0.0.2/', 'refused'],
    ['http://[::1]/', 'refused'],
    ['http://169.254.169.254/latest/meta-data/', 'refused'],
    ['http://public.test:8080/', 'refused'],
  ] as const)
    test(`to ${location}: ${kind}`, async () => {
      await using server = await webServer((_request, response) => {
        response.writeHead(302, { location }).end()
      })
      await using fetcher = testFetcher({ resolve: async () => ['8.8.8.8'] })
      await assert.rejects(fetcher.fetchUrl(server.url, { maxBytes }), failing(kind))
    })
})

describe('what leads to this machine or its network', () => {
  // Every way to write 127.0.0.1, and the neighbours.
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::1]',
    '[::]',
    '0.0.0.0',
    '0',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '100.64.0.1',
    '10.0.0.1',
    '192.168.0.1',
    'localhost',
    'LOCALHOST',
    '１２７.0.0.1',
    '127。0。0。1',
  ])
    // prettier-ignore
    test(`${host} is refused without a connection`, async () => {
      await using server = await webServer((_request, response) => response.end('secret'))
      await using fetcher = openFetcher({ userAgent: 'vitrine-tests', ports: [80, 443, server.port] })
      await assert.rejects(fetcher.fetchUrl(`http://${host}:${server.port}/`, { maxBytes }), failing('refused'))
      assert.equal(server.connections(), 0)
    })

  test('a name is refused when any of its addresses is not public', async () => {
    await using fetcher = openFetcher({
      userAgent: 'vitrine-tests',
      resolve: async () => ['93.184.215.14', '10.0.0.1'],
    })
    await assert.rejects(fetcher.fetchUrl('http://mixed.test/', { maxBytes }), failing('refused'))
  })

  test('a name that changes its address is asked for once: the connection goes to the checked one', async () => {
    let asked = 0
    await using good = await webServer((_request, response) => response.end('checked'))
    await using fetcher = testFetcher({
      resolve: async () => (++asked === 1 ? ['127.0.0.1'] : ['127.0.0.2']),
    })
    const { bytes } = await fetcher.fetchBytes(`http://rebinding.test:${good.port}/`, { maxBytes })
    assert.equal(bytes.toString(), 'checked')
    assert.equal(asked, 1)
    await assert.rejects(
      fetcher.fetchUrl(`http://rebinding.test:${good.port}/`, { maxBytes }),
      failing('refused'),
    )
  })

  test('a redirect to the same name has it checked again', async () => {
    let asked = 0
    await using server = await webServer((_request, response) => {
      response.writeHead(302, { location: '/again' }).end()
    })
    await using fetcher = testFetcher({
      resolve: async () => (++asked === 1 ? ['127.0.0.1'] : ['192.168.7.7']),
    })
    await assert.rejects(
      fetcher.fetchUrl(`http://rebinding.test:${server.port}/`, { maxBytes }),
      failing('refused'),
    )
    assert.equal(server.connections(), 1)
  })

  // Connecting to 0.0.0.0 leads to 127.0.0.1.
  test('a connection that leads elsewhere than its address is closed before a byte is sent', async () => {
    let heard = 0
    await using server = await wireServer(
      (socket) => void socket.on('data', (data) => (heard += data.length)),
    )
    await using fetcher = testFetcher({ allow: ['0.0.0.0/32'], resolve: async () => ['0.0.0.0'] })
    await assert.rejects(
      fetcher.fetchUrl(`http://elsewhere.test:${server.port}/`, { maxBytes }),
      failing('refused'),
    )
    await until(() => server.connections() === 1 && server.open() === 0)
    assert.equal(heard, 0)
  })

  test('a name nobody knows, and a resolver that never answers', async () => {
    await using unknown = testFetcher({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    await assert.rejects(unknown.fetchUrl('http://nobody.test/', { maxBytes }), failing('unknown_host'))
    await using empty = testFetcher({ resolve: async () => [] })
    await assert.rejects(empty.fetchUrl('http://nobody.test/', { maxBytes }), failing('unknown_host'))
    await using silent = testFetcher({ resolve: () => new Promise(() => undefined), limits: quick })
    await assert.rejects(silent.fetchUrl('http://silent.test/', { maxBytes }), failing('too_slow'))
  })
})
