import type { Readable } from 'node:stream'
import { addressRules } from './address-rules.ts'
import { limitedBody } from './body.ts'
import { systemResolve, type DialRules, type Resolve } from './dial.ts'
import { asFetchError, FetchError } from './errors.ts'
import { openProxy, type FilteringProxy, type ProxyOptions } from './proxy.ts'
import { requestOnce, type Answer } from './request.ts'
import { Turns } from './turns.ts'
import { readWebAddress } from './web-address.ts'

export interface FetchLimits {
  /** For a name and a connection. */
  connectMs: number
  /** From the connection to the end of the answer's head. */
  headersMs: number
  /** For everything from the first connection to the last byte, redirects included. */
  totalMs: number
  /** A body that comes slower, measured over `measureMs`, is given up. */
  leastBytesPerSecond: number
  measureMs: number
  redirects: number
  /** At once; more wait, at most `totalMs` long. */
  perAccount: number
  inAll: number
}

/** The numbers of the reliability target for other people's URLs. */
export const fetchLimits: FetchLimits = {
  connectMs: 10_000,
  headersMs: 10_000,
  totalMs: 30_000,
  leastBytesPerSecond: 1_024,
  measureMs: 5_000,
  redirects: 3,
  perAccount: 4,
  inAll: 32,
}

export interface FetcherOptions {
  /** Sent as User-Agent, always the same. */
  userAgent: string
  /** Ports that may be connected to; 80 and 443. */
  ports?: readonly number[]
  /** CIDR ranges that may be reached though they are not public, on any port. None. */
  allow?: readonly string[]
  /** The machine's own resolver. */
  resolve?: Resolve
  /** Certificates trusted besides the usual ones, PEM. */
  ca?: string
  limits?: Partial<FetchLimits>
}

export interface FetchRequest {
  /** Of the body, after decompression. A longer one fails: at once when the server says so, else on the way. */
  maxBytes: number
  /** Media types for the Accept header; anything. */
  accept?: string
  /** Whose fetch it is, for the limit of fetches at once. */
  account?: number | null
  signal?: AbortSignal
}

export interface FetchedHead {
  /** Where the last redirect led. */
  url: string
  status: number
  /** Lower case, without parameters; null when the server does not say or writes nonsense. */
  mimeType: string | null
  /** As the Content-Type says it, lower case. */
  charset: string | null
  /** Names in lower case. Cookies are left out. */
  headers: Record<string, string>
}

export interface Fetched extends FetchedHead {
  /**
   * The body, decompressed. Read or destroy it: it holds one of the account's turns, and fails by itself with a
   * FetchError when the time is up.
   */
  body: Readable
}

/** Fetches other people's URLs: public addresses only, every hop checked, within limits of time and size. */
export interface Fetcher extends AsyncDisposable {
  /**
   * GETs a URL, following redirects. Any status but those of redirects is an answer: look at it.
   *
   * @throws FetchError. Nothing is left open then.
   */
  fetchUrl: (url: string | URL, request: FetchRequest) => Promise<Fetched>
  /** The same with the whole body in memory: for what is known to be small. */
  fetchBytes: (url: string | URL, request: FetchRequest) => Promise<FetchedHead & { bytes: Buffer }>
  /** A proxy on this machine that keeps the same rules, for programs that fetch by themselves. Close it. */
  openProxy: (options?: ProxyOptions) => Promise<FilteringProxy>
  /** Ends every fetch and every proxy. */
  close: () => Promise<void>
}

/** Costs nothing until the first fetch. */
export function openFetcher(options: FetcherOptions): Fetcher {
  const limits = { ...fetchLimits, ...options.limits }
  const rules: DialRules = {
    resolve: options.resolve ?? systemResolve,
    rules: addressRules({ ports: options.ports ?? [80, 443], allow: options.allow ?? [] }),
    connectMs: limits.connectMs,
  }
  const turns = new Turns({ perAccount: limits.perAccount, inAll: limits.inAll, waiting: 1_000 })
  const running = new Set<AbortController>()
  const proxies = new Set<FilteringProxy>()
  const caller: Caller = { rules, limits, turns, options, running, isClosed: false }

  const fetchUrl = (url: string | URL, request: FetchRequest) => fetchInTurn(caller, url, request)
  const close = async () => {
    caller.isClosed = true
    for (const fetch of running) fetch.abort(stopped())
    await Promise.all([...proxies].map((proxy) => proxy.close()))
  }
  return {
    fetchUrl,
    async fetchBytes(url, request) {
      const { body, ...head } = await fetchUrl(url, request)
      const chunks: Buffer[] = []
      for await (const chunk of body) chunks.push(chunk as Buffer)
      return { ...head, bytes: Buffer.concat(chunks) }
    },
    async openProxy(wanted = {}) {
      const proxy = await openProxy(rules, wanted)
      proxies.add(proxy)
      void proxy.closed.then(() => proxies.delete(proxy))
      if (caller.isClosed) await proxy.close()
      return proxy
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Caller {
  rules: DialRules
  limits: FetchLimits
  turns: Turns
  options: FetcherOptions
  /** What stops each fetch. */
  running: Set<AbortController>
  isClosed: boolean
}

const stopped = () => new FetchError('stopped', 'the fetch was stopped')

async function fetchInTurn(caller: Caller, address: string | URL, request: FetchRequest): Promise<Fetched> {
  const url = readWebAddress(address)
  const { limits } = caller
  const fetch = begin(caller, request.signal)
  let answer: Answer | null = null
  try {
    fetch.endIn(limits.totalMs, new FetchError('busy', 'too much is being fetched already'))
    fetch.release = await caller.turns.take(String(request.account ?? 'nobody'), fetch.signal)
    fetch.endIn(limits.totalMs, new FetchError('too_slow', 'the server takes too long'))
    answer = await follow(caller, url, request, fetch.signal)
    const body = await limitedBody(answer, { ...limits, maxBytes: request.maxBytes, signal: fetch.signal })
    body.once('close', fetch.end)
    const { url: final, status, mimeType, charset, headers } = answer
    return { url: final.href, status, mimeType, charset, headers, body }
  } catch (error) {
    answer?.close()
    fetch.end()
    throw asFetchError(error)
  }
}

/** One fetch under way: what stops it (its time, its caller, the end of the program), and how it is over. */
function begin({ running, isClosed }: Caller, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const stop = () => controller.abort(stopped())
  let timer: NodeJS.Timeout | undefined
  running.add(controller)
  outer?.addEventListener('abort', stop, { once: true })
  if (isClosed || outer?.aborted) stop()
  const fetch = {
    signal: controller.signal,
    release: () => {},
    endIn: (ms: number, reason: FetchError) => {
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(reason), ms)
    },
    end: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
      running.delete(controller)
      fetch.release()
    },
  }
  return fetch
}

const redirects = new Set([301, 302, 303, 307, 308])

/** Goes from redirect to redirect. Every hop is read, resolved and checked like the first. */
async function follow(
  { rules, limits, options }: Caller,
  first: URL,
  { accept }: FetchRequest,
  signal: AbortSignal,
): Promise<Answer> {
  let url = first
  for (let hop = 0; ; hop += 1) {
    const answer = await requestOnce(url, {
      rules,
      signal,
      headersMs: limits.headersMs,
      headers: {
        'user-agent': options.userAgent,
        accept: accept ?? '*/*',
        'accept-encoding': 'gzip, deflate, br',
      },
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
    const location = answer.headers['location']
    if (!redirects.has(answer.status) || location === undefined) return answer
    answer.close()
    if (hop === limits.redirects)
      throw new FetchError('too_many_redirects', 'the address redirects too often')
    url = readWebAddress(location, url)
  }
}
