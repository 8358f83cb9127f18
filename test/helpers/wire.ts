import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection of which a test decides every byte. */
export interface Wire {
  socket: Socket
  /** All that has come back so far. */
  heard: () => string
  /** Resolves with all that came back when the connection is closed, by whichever side and however. */
  closed: Promise<string>
}

/** Connects to the server at this address. */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  // A reset is an end like any other.
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(
    () => heard,
    () => heard,
  )
  if (socket.connecting) await Promise.race([once(socket, 'connect').catch(() => undefined), closed])
  return { socket, heard: () => heard, closed }
}

/** The head of a request, with the blank line at its end. `Host` and `Connection: close` are put in. */
export function head(url: string, request: string, headers: Record<string, string | number> = {}): string {
  const all = { Host: new URL(url).host, Connection: 'close', 'User-Agent': 'vitrine-tests', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${[`${request} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}

/** The status of an answer as it came over the wire, interim answers left out; null if there was none. */
export function statusOf(heard: string): number | null {
  const finals = heard.replaceAll(/HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n/g, '')
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(finals)?.[1]) || null
}
