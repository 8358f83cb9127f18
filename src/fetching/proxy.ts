import {
  createServer,
  request,
  STATUS_CODES,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { dial, type DialRules } from './dial.ts'
import { FetchError } from './errors.ts'
import { readWebAddress, targetOf } from './web-address.ts'

export interface ProxyOptions {
  /** Both directions and all connections together; 100 MB. Then everything is closed. */
  maxBytes?: number
  /** Connections at once; 64. */
  maxConnections?: number
}

export interface FilteringProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for HTTP and for CONNECT. */
  url: string
  close: () => Promise<void>
  closed: Promise<void>
}

interface Traffic {
  rules: DialRules
  open: Set<Duplex>
  /** Says that so many bytes went through. */
  count: (bytes: number) => void
  signal: AbortSignal
}

/** An HTTP proxy on a free port of this machine that connects only where the rules allow. */
export async function openProxy(rules: DialRules, options: ProxyOptions): Promise<FilteringProxy> {
  const { maxBytes = 100_000_000, maxConnections = 64 } = options
  const ending = new AbortController()
  const open = new Set<Duplex>()
  let bytes = 0
  const traffic: Traffic = {
    rules,
    open,
    signal: ending.signal,
    count(more) {
      bytes += more
      if (bytes > maxBytes) for (const socket of open) socket.destroy()
    },
  }
  const server = createServer((incoming, outgoing) => void pass(traffic, incoming, outgoing))
  server.on('connect', (asked, client, head) => void tunnel(traffic, asked, { client, head }))
  server.on('connection', (socket) => keep(open, socket))
  server.on('upgrade', (_asked, client) => client.destroy())
  server.on('clientError', (_error, client) => client.destroy())
  server.maxConnections = maxConnections

  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const close = async () => {
    ending.abort()
    server.close()
    for (const socket of open) socket.destroy()
    await closed
  }
  return { url: `http://127.0.0.1:${port}`, close, closed, [Symbol.asyncDispose]: close }
}

function keep(open: Set<Duplex>, socket: Duplex): void {
  open.add(socket)
  socket.on('error', () => undefined).once('close', () => open.delete(socket))
}

/** CONNECT: a tunnel for https, to the checked address. */
async function tunnel(
  { rules, open, count, signal }: Traffic,
  asked: IncomingMessage,
  { client, head }: { client: Duplex; head: Buffer },
): Promise<void> {
  keep(open, client)
  try {
    const server = await dial(rules, targetOf(readWebAddress(`https://${asked.url ?? ''}`)), signal)
    keep(open, server)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    server.write(head)
    join(client, server, count)
  } catch (error) {
    const status = refusalOf(error)
    client.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  }
}

function join(one: Duplex, other: Duplex, count: (bytes: number) => void): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('data', (chunk: Buffer) => count(chunk.length))
    from.pipe(to)
    from.once('close', () => to.destroy())
  }
}

/** A plain request with a whole URL in its first line. */
async function pass(
  { rules, open, count, signal }: Traffic,
  from: IncomingMessage,
  to: ServerResponse,
): Promise<void> {
  try {
    const url = readWebAddress(from.url ?? '')
    if (url.protocol !== 'http:') throw new FetchError('bad_url', 'https goes through CONNECT')
    const socket = await dial(rules, targetOf(url), signal)
    keep(open, socket)
    send({ url, socket, from, to }, count)
  } catch (error) {
    refuse(to, refusalOf(error))
  }
}

/** What we do not connect to is forbidden; what cannot be reached may be another time. */
function refusalOf(error: unknown): 403 | 502 {
  return error instanceof FetchError && (error.kind === 'refused' || error.kind === 'bad_url') ? 403 : 502
}

interface Passing {
  url: URL
  socket: Socket
  from: IncomingMessage
  to: ServerResponse
}

function send({ url, socket, from, to }: Passing, count: (bytes: number) => void): void {
  const onward = request({
    createConnection: () => socket,
    method: from.method ?? 'GET',
    path: url.pathname + url.search,
    headers: { ...endToEnd(from.headers), host: url.host, connection: 'close' },
  })
  socket.on('data', (chunk: Buffer) => count(chunk.length))
  onward.on('response', (answer) => {
    try {
      to.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
      answer.on('error', () => to.destroy()).pipe(to)
    } catch {
      to.destroy()
    }
  })
  onward.on('error', () => refuse(to, 502)).on('upgrade', () => to.destroy())
  to.once('close', () => socket.destroy())
  from.on('error', () => socket.destroy()).pipe(onward)
}

const oneHop = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !oneHop.test(name)))
}

function refuse(to: ServerResponse, status: number): void {
  if (to.headersSent) to.destroy()
  else to.writeHead(status, { 'content-length': 0, connection: 'close' }).end()
}
