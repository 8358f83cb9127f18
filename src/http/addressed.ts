import type { IncomingMessage } from 'node:http'
import { isTrustedPeer, type TrustedProxies } from './client-address.ts'

export interface Addressing {
  /** The configured public address, without a slash at its end; null when there is none. */
  publicUrl: string | null
  trustedProxies: TrustedProxies
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** The request's host in lower case with its port, or null when the header is missing or no host. */
export function requestHost(request: IncomingMessage): string | null {
  const { host } = request.headers
  return host !== undefined && HOST.test(host) ? host.toLowerCase() : null
}

/**
 * Scheme and host the client used, `https://pictures.example`, without a slash at the end: what absolute addresses
 * in an answer begin with. `X-Forwarded-Proto` counts only from a trusted proxy.
 *
 * @param atHost Whether the host itself was chosen by configuration, so that the public address must not replace it.
 */
export function addressedOrigin(request: IncomingMessage, addressing: Addressing, atHost: boolean): string {
  const { publicUrl } = addressing
  if (publicUrl !== null && !atHost) return publicUrl
  const host = requestHost(request) ?? localAddress(request)
  return `${requestScheme(request, addressing)}://${host}`
}

function requestScheme(request: IncomingMessage, { publicUrl, trustedProxies }: Addressing): string {
  const forwarded = request.headers['x-forwarded-proto']
  if (typeof forwarded === 'string' && isTrustedPeer(request.socket.remoteAddress, trustedProxies)) {
    const scheme = forwarded.split(',').at(-1)?.trim().toLowerCase()
    if (scheme === 'https' || scheme === 'http') return scheme
  }
  return publicUrl?.startsWith('https:') ? 'https' : 'http'
}

function localAddress({ socket }: IncomingMessage): string {
  const { localAddress: address = '127.0.0.1', localPort } = socket
  return `${address.includes(':') ? `[${address}]` : address}${localPort === undefined ? '' : `:${localPort}`}`
}
