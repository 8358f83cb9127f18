import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface ServerLimits {
  /** Time to send all headers. */
  headersMs: number
  /** Time to send a body, for requests that no {@link minimumRate} watches. */
  bodyMs: number
  /** A connection on which nothing moves for this long is closed. */
  idleMs: number
  /** How often the times for headers are looked at. */
  checkMs: number
  /** Bytes of all request headers together. */
  headerBytes: number
  connections: number
}

export const usualServerLimits: ServerLimits = {
  headersMs: 10_000,
  bodyMs: 15_000,
  idleMs: 15_000,
  checkMs: 1_000,
  headerBytes: 16 * 1024,
  connections: 5_000,
}

/** An answer in plain words, for requests that no face gets to see. */
export interface PlainAnswer {
  status: number
  body: string
  headers?: Readonly<Record<string, string>>
}

/** Options for `http.createServer`; the rest of the limits is put on the server by {@link applyServerLimits}. */
export function serverOptions(limits: ServerLimits): ServerOptions {
  return {
    headersTimeout: limits.headersMs,
    // One time for all requests would cut honest uploads: bodies are watched one by one.
    requestTimeout: 0,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytes,
  }
}

/** Bounds connections, idle times and the time of every body, and refuses CONNECT. */
export function applyServerLimits(server: Server, limits: ServerLimits): void {
  server.maxConnections = limits.connections
  server.setTimeout(limits.idleMs)
  server.prependListener('request', (request: IncomingMessage) => limitBodyTime(request, limits.bodyMs))
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    socket.end(rawAnswer({ status: 405, body: 'This is not a proxy.\n' }))
  })
}

/**
 * Answers requests that are well-formed and still not meant for us: two `Host` headers (400), TRACE (405), and a
 * whole URL as target that names another host (421). A whole URL of our own is cut to its path, as RFC 9112, 3.2.2
 * asks.
 *
 * @param ownsHost Whether a host, with its port if one was written, is served here.
 * @returns true if the request has been answered.
 */
export function refuseOddRequests(
  request: IncomingMessage,
  response: ServerResponse,
  ownsHost: (host: string) => boolean,
): boolean {
  const refusal = judge(request, ownsHost)
  if (!refusal) return false
  answerPlainly(response, refusal)
  return true
}

/**
 * Lets a caller refuse a body before it is sent: `decide` sees the headers of a request with
 * `Expect: 100-continue` and returns the refusal, or null to have the body sent and the request handled.
 */
export function checkContinue(
  server: Server,
  decide: (request: IncomingMessage) => PlainAnswer | null | Promise<PlainAnswer | null>,
): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void answerExpectation(request, response)
  })

  async function answerExpectation(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let refusal: PlainAnswer | null
    try {
      refusal = await decide(request)
    } catch {
      refusal = { status: 500, body: 'Something went wrong.\n' }
    }
    if (response.destroyed) return
    if (refusal) {
      answerPlainly(response, refusal)
      return
    }
    response.writeContinue()
    server.emit('request', request, response)
  }
}

/** Whether the request says itself that its body is larger than this. Chunked bodies do not say. */
export function announcesMoreThan(request: IncomingMessage, bytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > bytes
}

/** Answers in plain text and closes the connection. */
export function answerPlainly(response: ServerResponse, { status, body, headers }: PlainAnswer): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...headers,
  })
  response.end(body)
}

/** The watch over the body of a request; a new one takes the place of the one before. */
const watches = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/** Closes the connection if the body is not complete after this time. */
export function limitBodyTime(request: IncomingMessage, ms: number): void {
  if (!hasBody(request)) return
  watch(
    request,
    setTimeout(() => giveUp(request), ms),
  )
}

/**
 * Closes the connection if the body arrives more slowly than this on average, after a first time of grace. Time in
 * which we do not read (the disk is slow) is not held against the client. For uploads, in place of
 * {@link limitBodyTime}.
 */
export function minimumRate(
  request: IncomingMessage,
  { bytesPerSecond, graceMs }: { bytesPerSecond: number; graceMs: number },
): void {
  if (!hasBody(request)) return
  const { socket } = request
  const bytesBefore = socket.bytesRead
  const tickMs = Math.min(1_000, Math.max(10, graceMs / 4))
  let waitedMs = 0
  const timer = setInterval(() => {
    // Bytes that wait here unread: it is we who are slow.
    if (request.readableLength > 0) return
    waitedMs += tickMs
    if (waitedMs <= graceMs) return
    if ((socket.bytesRead - bytesBefore) * 1000 < bytesPerSecond * waitedMs) giveUp(request)
  }, tickMs)
  watch(request, timer)
}

function watch(request: IncomingMessage, timer: NodeJS.Timeout): void {
  timer.unref()
  const earlier = watches.get(request)
  if (earlier) clearTimeout(earlier)
  else
    request
      .on('close', () => clearTimeout(watches.get(request)))
      .on('end', () => clearTimeout(watches.get(request)))
  watches.set(request, timer)
}

function giveUp(request: IncomingMessage): void {
  clearTimeout(watches.get(request))
  // Everything has arrived and it is we who are slow.
  if (request.complete) return
  request.destroy(new Error('The body of the request came too slowly.'))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function judge(request: IncomingMessage, ownsHost: (host: string) => boolean): PlainAnswer | null {
  if (request.method === 'TRACE') return { status: 405, body: 'TRACE is not answered here.\n' }
  if (countHosts(request.rawHeaders) > 1) return { status: 400, body: 'More than one Host header.\n' }

  const target = request.url ?? ''
  if (target.startsWith('/') || (target === '*' && request.method === 'OPTIONS')) return null
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return { status: 400, body: 'Not a path.\n' }
  const { host, pathname, search } = new URL(target)
  if (!ownsHost(host)) return { status: 421, body: 'That host is not served here.\n' }
  request.url = pathname + search
  request.headers.host = host
  return null
}

function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts
}

function rawAnswer({ status, body }: PlainAnswer): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
