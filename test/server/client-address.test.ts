import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createClientAddress } from '../../src/server/client-address.ts'

const client = '203.0.113.7'
const google = ['130.211.0.0/22', '35.191.0.0/16', '198.51.100.5']

/** The address that counts: connected from, header, value, trusted proxies. */
test.each([
  ['no header is read unless one is named', '10.0.0.1', null, client, [], '10.0.0.1'],
  ['the last of several', '10.0.0.1', 'x-forwarded-for', `1.2.3.4, ${client}`, [], client],
  [
    'the last one, where a proxy adds a header of its own',
    '10.0.0.1',
    'x-forwarded-for',
    ['1.2.3.4', client],
    [],
    client,
  ],
  ['with a port, by Azure', '10.0.0.1', 'x-forwarded-for', `${client}:51234`, [], client],
  ['IPv6 with a port', '10.0.0.1', 'x-forwarded-for', '[2001:db8::7]:51234', [], '2001:db8::7'],
  ['IPv6', '10.0.0.1', 'x-forwarded-for', '2001:db8::7', [], '2001:db8::7'],
  ['RFC 7239', '10.0.0.1', 'forwarded', `for=1.2.3.4, for=${client};proto=https;by=10.0.0.1`, [], client],
  ['RFC 7239, IPv6 with a port', '10.0.0.1', 'forwarded', 'proto=https;For="[2001:db8::7]:4711"', [], '2001:db8::7'],
  ['one address, by Cloudflare', '10.0.0.1', 'cf-connecting-ip', client, [], client],
  ['the proxy itself, where the header is missing', '10.0.0.1', 'x-forwarded-for', undefined, [], '10.0.0.1'],
  ['the proxy itself, where the header is empty', '10.0.0.1', 'x-forwarded-for', ' , ', [], '10.0.0.1'],
  [
    'before the trusted ones, by Google',
    '35.191.3.4',
    'x-forwarded-for',
    `9.9.9.9,${client}, 198.51.100.5`,
    google,
    client,
  ],
  ['over a dual-stack socket', '::ffff:35.191.3.4', 'x-forwarded-for', `${client},::ffff:198.51.100.5`, google, client],
  [
    'of whoever comes past the proxies, without their header',
    '10.9.9.9',
    'x-forwarded-for',
    client,
    google,
    '10.9.9.9',
  ],
  ['of a proxy that asks for itself', '35.191.3.4', 'x-forwarded-for', '198.51.100.5', google, '35.191.3.4'],
  ['trusted by IPv6 network', 'fd00::5', 'x-forwarded-for', `${client}, fd00::9`, ['fd00::/8'], client],
] as const)('%s', (_what, remoteAddress, header, value, trustedProxies, expected) => {
  const addressOf = createClientAddress({ header, trustedProxies })
  const headers = header === null ? { 'x-forwarded-for': value } : { [header]: value }
  expect(addressOf({ headers: headers as Record<string, string>, socket: { remoteAddress } as Socket })).toBe(expected)
})
