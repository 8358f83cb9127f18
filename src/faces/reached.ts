import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { addressedOrigin, requestHost, type Addressing } from '../http/addressed.ts'
import { clientAddress, parseTrustedProxies } from '../http/client-address.ts'

/** How a request came to a face: what every address in the answer begins with, and where the client is. */
export interface Reached {
  /** Origin, and the mount path unless the host is the face's alone; no slash at the end. */
  base: string
  /** Where the library's own pages are, seen from there; no slash at the end. */
  pages: string
  /** The client's own address, behind trusted proxies. */
  address: string
}

/** Reads how requests reach a face that is mounted at a path and at the root of hosts of its own. */
export function openReach(
  config: Config,
  { mount, hosts }: { mount: string; hosts: readonly string[] },
): (request: FastifyRequest) => Reached {
  const addressOf = openAddressOf(config)
  const trustedProxies = parseTrustedProxies(config.VITRINE_TRUSTED_PROXIES)
  const publicUrl = config.VITRINE_URL && config.VITRINE_URL.href.replace(/\/+$/, '')
  const addressing: Addressing = { publicUrl, trustedProxies }
  const own = new Set(hosts)

  return ({ raw, socket }) => {
    const host = own.size === 0 ? null : requestHost(raw)
    const isAtHost = host !== null && (own.has(host) || own.has(host.replace(/:\d+$/, '')))
    const origin = addressedOrigin(raw, addressing, isAtHost)
    return {
      base: isAtHost ? origin : origin + mount,
      pages: publicUrl ?? (isAtHost ? listenedOn(config, socket.localPort) : origin),
      address: addressOf(raw),
    }
  }
}

/** Tells the client's own address, behind trusted proxies. */
export function openAddressOf({
  VITRINE_TRUSTED_PROXIES: trusted,
}: Config): (request: IncomingMessage) => string {
  const proxies = parseTrustedProxies(trusted)
  return ({ socket, headers }) => clientAddress(socket.remoteAddress, headers['x-forwarded-for'], proxies)
}

/** A host of the face's own has no pages; without a public address they are where the server listens. */
function listenedOn({ VITRINE_HOST: name, VITRINE_PORT }: Config, port = VITRINE_PORT): string {
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
