import { lookup } from 'node:dns/promises'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import type { AddressRules } from './address-rules.ts'
import { asFetchError, FetchError } from './errors.ts'

/** Every address of a host name. Throws or answers none when there is no such name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export interface DialRules {
  resolve: Resolve
  rules: AddressRules
  /** For the name and the connection together. */
  connectMs: number
}

export interface Target {
  /** A name, or an address without brackets. */
  host: string
  port: number
}

/** As this machine resolves names. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/**
 * Connects to a host if *every* address of its name may be reached, to one of exactly those addresses (the name is
 * not asked for again), and looks at the address once more when the connection stands.
 *
 * @throws FetchError; no socket is left open then.
 */
export async function dial(
  { resolve, rules, connectMs }: DialRules,
  { host, port }: Target,
  signal: AbortSignal,
): Promise<Socket> {
  const deadline = new AbortController()
  const late = setTimeout(
    () => deadline.abort(new FetchError('too_slow', 'the server does not answer in time')),
    connectMs,
  )
  const stop = AbortSignal.any([signal, deadline.signal])
  try {
    const addresses = await orStopped(stop, isIP(host) ? [host] : namedAddresses(resolve, host))
    if (!addresses.every((address) => rules.mayReach(address, port))) throw refused()
    const socket = await connected({ host, port }, addresses, stop)
    if (mayStay(socket, rules, port)) return socket
    socket.destroy()
    throw refused()
  } catch (error) {
    throw asFetchError(stop.aborted ? stop.reason : error)
  } finally {
    clearTimeout(late)
  }
}

const refused = () => new FetchError('refused', 'the address leads where nothing is fetched from')

async function namedAddresses(resolve: Resolve, host: string): Promise<readonly string[]> {
  try {
    const addresses = await resolve(host)
    if (addresses.length > 0) return addresses
  } catch (error) {
    throw new FetchError('unknown_host', 'there is no such host', { cause: error })
  }
  throw new FetchError('unknown_host', 'there is no such host')
}

/** A resolver cannot be told to stop; its answer is then nobody's. */
function orStopped<T>(signal: AbortSignal, work: T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(asFetchError(signal.reason))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}

function connected(
  { host, port }: Target,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Socket> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  const answer: LookupFunction = (_name, { all }, callback) => {
    const [first] = found
    if (all || !first) callback(null, found)
    else callback(null, first.address, first.family)
  }
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: answer, autoSelectFamily: true, noDelay: true })
    const settle = (error: unknown) => {
      signal.removeEventListener('abort', stop)
      socket.off('error', settle).off('connect', arrived)
      socket.destroy()
      reject(asFetchError(error))
    }
    const stop = () => settle(signal.reason)
    const arrived = () => {
      signal.removeEventListener('abort', stop)
      socket.off('error', settle)
      resolve(socket)
    }
    // What happens to a socket that nobody listens to, on its way up or down, must not end the program.
    socket.on('error', () => undefined)
    socket.once('error', settle).once('connect', arrived)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Where the connection really leads: `0.0.0.0` and a network that translates addresses lead elsewhere than asked. */
function mayStay(socket: Socket, rules: AddressRules, port: number): boolean {
  return socket.remoteAddress !== undefined && rules.mayReach(socket.remoteAddress, port)
}
