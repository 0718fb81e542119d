import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Cloud metadata services at public addresses: Azure WireServer, which hands out machine certificates. */
const metadataAddresses: readonly string[] = ['168.63.129.16']

/** Only this range is allocated for the public internet (IANA, IPv6 global unicast). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** The names of the library's ranges in messages. All others are called `reserved`. */
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
 * The kind of a non-public address, or null for a public one. Addresses that embed an IPv4 address (mapped, NAT64,
 * 6to4, Teredo) count as non-public whatever they embed: routers decide where such a packet goes.
 */
export function addressFault(address: string): string | null {
  if (isIP(address) === 0) return 'unreadable'
  if (metadataAddresses.includes(address)) return 'metadata'
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range !== 'unicast') return rangeWords[range] ?? 'reserved'
  return parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast) ? 'reserved' : null
}
