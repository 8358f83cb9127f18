import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Address ranges whose `X-Forwarded-For` is believed; made by {@link parseTrustedProxies}. */
export type TrustedProxies = readonly [Address, number][]

/** The address used where the socket has none: it is closed already, or a local one without addresses. */
const NO_ADDRESS = '0.0.0.0'

/**
 * Reads a list of addresses and ranges: `10.0.0.0/8`, `::1`, `192.0.2.7`.
 *
 * @throws RangeError naming the entry that is neither.
 */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies {
  return entries.map((entry) => {
    const range = entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? 128 : 32}`
    if (!ipaddr.isValidCIDR(range)) throw new RangeError(`Not an address or a range: ${entry}`)
    return ipaddr.parseCIDR(range)
  })
}

/**
 * The address a request came from: the socket's, unless that is a trusted proxy; then the right-most entry of
 * `X-Forwarded-For` that is not one. What stands left of it was written by the client and proves nothing.
 *
 * @returns An address in its shortest form, IPv4 inside IPv6 unwrapped.
 */
export function clientAddress(
  socketAddress: string | undefined,
  xForwardedFor: string | readonly string[] | undefined,
  trustedProxies: TrustedProxies,
): string {
  if (trustedProxies.length === 0 || xForwardedFor === undefined) return printed(socketAddress ?? NO_ADDRESS)
  let current = parseAddress(socketAddress ?? NO_ADDRESS)
  if (!current) return NO_ADDRESS

  const entries = String(xForwardedFor).split(',')
  while (entries.length > 0 && isTrusted(current, trustedProxies)) {
    const next = parseAddress(withoutPort((entries.pop() ?? '').trim()))
    if (!next) break
    current = next
  }
  return current.toString()
}

/** The address printed last. A client comes many times in a row, and comparing is cheaper than reading. */
let last = { text: NO_ADDRESS, address: NO_ADDRESS }

function printed(text: string): string {
  if (text !== last.text) last = { text, address: parseAddress(text)?.toString() ?? NO_ADDRESS }
  return last.address
}

/**
 * What one customer of a network holds, as a key for limits: an IPv4 address alone, an IPv6 address by its /64,
 * because a single line can use all of those.
 */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address
  const parsed = parseAddress(address)
  if (!parsed) return address
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString()}/64`
}

/** Whether the other end of a socket is a trusted proxy. */
export function isTrustedPeer(socketAddress: string | undefined, trustedProxies: TrustedProxies): boolean {
  const address = parseAddress(socketAddress ?? NO_ADDRESS)
  return address !== null && isTrusted(address, trustedProxies)
}

function isTrusted(address: Address, trustedProxies: TrustedProxies): boolean {
  return trustedProxies.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
}

function parseAddress(text: string): Address | null {
  const plain = text.split('%', 1)[0] ?? ''
  // `0x7f.1` and `127.1` are addresses to the library; nobody who means well writes them.
  const valid = plain.includes(':') ? ipaddr.IPv6.isValid(plain) : ipaddr.IPv4.isValidFourPartDecimal(plain)
  return valid ? ipaddr.process(plain) : null
}

/** Some proxies write `192.0.2.7:4711` or `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)
  if (bracketed?.[1] !== undefined) return bracketed[1]
  return entry.replace(/^([\d.]+):\d+$/, '$1')
}
