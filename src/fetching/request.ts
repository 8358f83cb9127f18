import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { buildConnector } from 'undici'
import { dial, type DialRules } from './dial.ts'
import { asFetchError, FetchError } from './errors.ts'
import { targetOf } from './web-address.ts'

export interface RequestOptions {
  rules: DialRules
  headers: Record<string, string>
  /** From the start of the connection's use to the end of the answer's head. */
  headersMs: number
  signal: AbortSignal
  /** Certificates trusted besides the usual ones, PEM. */
  ca?: string
}

/** Loaded by the first fetch. A bundle knows only the default export of what is not an ES module. */
const loadUndici = async () => (await import('undici')).default

/** One answer, with its body as it comes over the wire. */
export interface Answer {
  url: URL
  status: number
  headers: Record<string, string>
  mimeType: string | null
  charset: string | null
  raw: Readable
  /** Ends the connection. Calling it again does nothing. */
  close: () => void
}

/**
 * One GET on a connection of its own, without cookies and without following anything.
 *
 * @throws FetchError; the connection is closed then.
 */
export async function requestOnce(url: URL, options: RequestOptions): Promise<Answer> {
  const { Client } = await loadUndici()
  const ending = new AbortController()
  const late = new AbortController()
  const signal = AbortSignal.any([options.signal, late.signal, ending.signal])
  const timer = setTimeout(
    () => late.abort(new FetchError('too_slow', 'the server does not answer in time')),
    options.rules.connectMs + options.headersMs,
  )
  const client = new Client(url.origin, {
    connect: await checkedConnector(url, options, signal),
    headersTimeout: options.headersMs,
    // The body has a clock of its own.
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
    pipelining: 1,
  })
  const close = () => {
    ending.abort(new FetchError('stopped', 'the fetch was stopped'))
    void client.destroy().catch(() => undefined)
  }
  try {
    const { statusCode, headers, body } = await client.request({
      path: url.pathname + url.search,
      method: 'GET',
      headers: options.headers,
      reset: true,
      signal,
    })
    body.on('error', () => undefined)
    return { url, status: statusCode, ...readHead(headers), raw: body, close }
  } catch (error) {
    close()
    throw asFetchError(
      options.signal.aborted ? options.signal.reason : late.signal.aborted ? late.signal.reason : error,
    )
  } finally {
    clearTimeout(timer)
  }
}

/** Opens the socket by our rules, and lets undici put TLS on it, with the name of the URL. */
async function checkedConnector(
  url: URL,
  { rules, ca }: RequestOptions,
  signal: AbortSignal,
): Promise<buildConnector.connector> {
  const { buildConnector } = await loadUndici()
  const secure = buildConnector({ timeout: rules.connectMs, maxCachedSessions: 0, ...(await trust(ca)) })
  const connect = async (...[options, callback]: Parameters<buildConnector.connector>) => {
    let socket: Socket
    try {
      socket = await dial(rules, targetOf(url), signal)
    } catch (error) {
      callback(asFetchError(error), null)
      return
    }
    if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, callback)
    else callback(null, socket)
  }
  return (options, callback) => void connect(options, callback)
}

async function trust(ca: string | undefined) {
  if (ca === undefined) return {}
  const { rootCertificates } = await import('node:tls')
  return { ca: [...rootCertificates, ca] }
}

function readHead(raw: Record<string, string | string[] | undefined>) {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || name.startsWith('set-cookie')) continue
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return { headers, ...readContentType(headers['content-type']) }
}

/** `text/html; charset="UTF-8"` as its two parts. */
function readContentType(header = ''): { mimeType: string | null; charset: string | null } {
  const [type = '', ...parameters] = header.toLowerCase().split(';')
  const charset = parameters.flatMap(
    (one) => /^\s*charset\s*=\s*"?([a-z0-9_:.-]{1,40})"?\s*$/.exec(one)?.[1] ?? [],
  )[0]
  const isType = /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,100}$/.test(type.trim())
  return { mimeType: isType ? type.trim() : null, charset: charset ?? null }
}
