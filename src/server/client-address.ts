import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

export interface ClientAddressOptions {
  /** In lower case. Null: whoever connects is the client. */
  readonly header: string | null
  /** Addresses and networks of proxies. Empty: whoever connects is a proxy that is trusted. */
  readonly trustedProxies: readonly string[]
}

/**
 * Tells the address of the client of a request. Behind a proxy it is the last one in the header: the proxy has written it, and
 * what stands before it may be forged. With trusted proxies it is the last one that is none of them, and the header of
 * anybody else is not read.
 */
export function createClientAddress({ header, trustedProxies }: ClientAddressOptions) {
  const trusted = new BlockList()
  for (const entry of trustedProxies) addTo(trusted, entry)
  const isTrusted = (address: string) => {
    const plain = unmapped(address)
    return isIP(plain) !== 0 && trusted.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }

  return ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string => {
    const peer = socket.remoteAddress ?? ''
    if (header === null || (trustedProxies.length > 0 && !isTrusted(peer))) return peer
    const named = [headers[header] ?? ''].flat().join().split(',').map(addressIn)
    return named.findLast((address) => address !== '' && !isTrusted(address)) ?? peer
  }
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
}

/** The address in an entry of `X-Forwarded-For`, or of `Forwarded` (RFC 7239), without its port. */
function addressIn(entry: string): string {
  const named = /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)/i.exec(entry)?.[1] ?? entry
  const plain = named.trim().replace(/^"(.*)"$/, '$1')
  return /^\[([^\]]*)\]/.exec(plain)?.[1] ?? plain.replace(/^([\d.]+):\d+$/, '$1')
}

/** An IPv4 address that a dual-stack socket writes as IPv6, as IPv4. */
export function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
