import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { openFetcher } from '../../src/fetching/fetcher.ts'
import { until, webServer, wireServer } from './servers.ts'

/** What comes back over a connection to the proxy until it is closed. */
async function said(proxyUrl: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(proxyUrl).port), '127.0.0.1')
  socket.write(text)
  let heard = ''
  socket.on('error', () => undefined).on('data', (data) => (heard += data.toString('latin1')))
  await new Promise((resolve) => socket.once('close', resolve))
  return heard
}

const allowing = () =>
  openFetcher({
    userAgent: 'vitrine-tests',
    allow: ['127.0.0.1/32'],
    resolve: async (name) => (name === 'good.test' ? ['127.0.0.1'] : ['10.0.0.1']),
  })

describe('the filtering proxy', () => {
  test('passes a request on, without what concerns the proxy alone', async () => {
    let headers: Record<string, unknown> = {}
    await using server = await webServer((asked, response) => {
      headers = asked.headers
      asked.pipe(response.writeHead(201, { 'x-said': 'yes' }))
    })
    await using fetcher = allowing()
    const proxy = await fetcher.openProxy()
    const { url } = proxy
    const body = await new Promise<string>((resolve, reject) => {
      const options = { method: 'POST', headers: { 'proxy-authorization': 'x', 'x-own': '1' } }
      const onward = request(url, { ...options, path: `http://good.test:${server.port}/a?b` }, (answer) => {
        let text = `${answer.statusCode} ${String(answer.headers['x-said'])} `
        answer.on('data', (data: Buffer) => (text += data.toString())).once('end', () => resolve(text))
      })
      onward.once('error', reject).end('hello')
    })
    assert.equal(body, '201 yes hello')
    assert.equal(headers['host'], `good.test:${server.port}`)
    assert.equal(headers['x-own'], '1')
    assert.equal(headers['proxy-authorization'], undefined)
    await until(() => server.open() === 0)
  })

  test('tunnels to what may be reached', async () => {
    await using server = await wireServer((socket) => {
      socket.once('data', (data) => socket.end(`heard ${data.toString()}`))
    })
    await using fetcher = allowing()
    const proxy = await fetcher.openProxy()
    const heard = await said(proxy.url, `CONNECT good.test:${server.port} HTTP/1.1\r\n\r\nhello`)
    assert.equal(heard, 'HTTP/1.1 200 Connection established\r\n\r\nheard hello')
    await until(() => server.open() === 0)
  })

  test('refuses everything else', async () => {
    await using fetcher = allowing()
    const proxy = await fetcher.openProxy()
    const { url } = proxy
    for (const target of [
      'bad.test:443',
      '127.0.0.2:443',
      '[::1]:443',
      '169.254.169.254:80',
      'nonsense',
      'a@good.test:1',
    ])
      assert.match(
        await said(url, `CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`),
        /^HTTP\/1\.1 403 |^HTTP\/1\.1 400 |^$/,
      )
    for (const target of [
      'http://bad.test/',
      'http://127.0.0.2/',
      'https://good.test/',
      'file:///etc/passwd',
      '/',
      '*',
    ])
      assert.match(
        await said(url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
        /^HTTP\/1\.1 403 /,
      )
  })

  test('ends everything when too much has come, and when it is closed', async () => {
    await using server = await wireServer((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      }
      socket.on('drain', more)
      more()
    })
    await using fetcher = allowing()
    const proxy = await fetcher.openProxy({ maxBytes: 1_000_000 })
    const heard = await said(proxy.url, `CONNECT good.test:${server.port} HTTP/1.1\r\n\r\n`)
    assert.ok(heard.length < 2_000_000, String(heard.length))
    await until(() => server.open() === 0)

    await using quiet = await wireServer(() => undefined)
    const second = await fetcher.openProxy()
    const waiting = said(second.url, `CONNECT good.test:${quiet.port} HTTP/1.1\r\n\r\n`)
    await until(() => quiet.open() === 1)
    await second.close()
    await waiting
    await until(() => quiet.open() === 0)
  })
})
