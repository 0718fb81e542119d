import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Hosts of a cloud's own that stand among public addresses: Azure's WireServer, which hands out machine certificates. */
const metadataAddresses: readonly string[] = ['168.63.129.16']

/** Nothing outside of it is given out for the public internet (IANA, IPv6 global unicast). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** What each of the library's ranges is called in messages; those not named are `reserved`. */
const rangeWords: Readonly<Record<string, string>> = {
  unspecified: 'unspecified',
  broadcast: 'broadcast',
  multicast: 'multicast',
  linkLocal: 'link-local',
  loopback: 'loopback',
  carrierGradeNat: 'carrier-grade NAT',
  private: 'private',
  uniqueLocal: 'private',
  ipv4Mapped: 'IPv4 inside IPv6',
  rfc6145: 'IPv4 inside IPv6',
  rfc6052: 'IPv4 inside IPv6',
  '6to4': 'IPv4 inside IPv6',
  teredo: 'IPv4 inside IPv6',
}

/**
 * The kind of an address that is not on the public internet, or null for one that is. Addresses that carry an IPv4 one
 * inside (mapped, NAT64, 6to4, Teredo) count as not public whatever they carry: where such a packet ends is up to routers.
 */
export function addressFault(address: string): string | null {
  if (isIP(address) === 0) return 'unreadable'
  if (metadataAddresses.includes(address)) return 'metadata'
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range !== 'unicast') return rangeWords[range] ?? 'reserved'
  return parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast) ? 'reserved' : null
}
