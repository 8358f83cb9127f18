import ipaddr from 'ipaddr.js'

/** Which addresses may be connected to, and on which ports. */
export interface AddressRules {
  /** @param address An IPv4 or IPv6 address, as a resolver or a socket gives it. */
  mayReach: (address: string, port: number) => boolean
}

export interface AddressRuleOptions {
  /** Ports that may be connected to on public addresses. */
  ports: readonly number[]
  /** CIDR ranges that may be reached though they are not public, on any port: hosts of the operator's own. */
  allow: readonly string[]
}

type Address = ReturnType<typeof ipaddr.parse>

/** Public addresses on these ports, and what the operator allows besides. */
export function addressRules({ ports, allow }: AddressRuleOptions): AddressRules {
  const ranges = allow.map((range) => ipaddr.parseCIDR(range))
  return {
    mayReach(text, port) {
      if (!ipaddr.isValid(text)) return false
      const address = ipaddr.parse(text)
      if (ranges.some(([network, bits]) => isWithin(address, network, bits))) return true
      return ports.includes(port) && isPublic(address)
    },
  }
}

function isWithin(address: Address, network: Address, bits: number): boolean {
  return address.kind() === network.kind() && address.match(network, bits)
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
const documentation = ipaddr.IPv6.parseCIDR('3fff::/20')

/**
 * Neither private, loopback, link-local, multicast, documentation, benchmarking, shared (100.64/10) nor reserved; and
 * for IPv6 none of the ways to write an IPv4 address (mapped, NAT64, 6to4, Teredo), which would lead round the rules
 * for those.
 */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  if (!(address instanceof ipaddr.IPv6)) return true
  return address.match(globalUnicast) && !address.match(documentation)
}
