import { describe, expect, test } from 'vitest'
import { addressFault } from '../../../src/extensions/safe-fetch/address.ts'
import { FetchFailed, FetchRefused } from '../../../src/extensions/safe-fetch/fault.ts'
import { guarded } from '../fetch/guarded.ts'

describe('the guard', () => {
  test.each([
    // Addresses that are not public, as they stand.
    ['http://127.0.0.1/', 'loopback'],
    ['http://127.255.255.254:8080/', 'loopback'],
    ['https://10.0.0.1/', 'private'],
    ['http://172.16.0.1/', 'private'],
    ['http://172.31.255.255/', 'private'],
    ['http://192.168.1.1/', 'private'],
    ['http://169.254.169.254/latest/meta-data/', 'link-local'],
    ['http://168.63.129.16/', 'metadata'],
    ['http://100.64.0.1/', 'carrier-grade NAT'],
    ['http://100.100.100.200/', 'carrier-grade NAT'],
    ['http://0.0.0.0/', 'unspecified'],
    ['http://0.1.2.3/', 'unspecified'],
    ['http://224.0.0.1/', 'multicast'],
    ['http://255.255.255.255/', 'broadcast'],
    ['http://240.0.0.1/', 'reserved'],
    ['http://192.0.0.192/', 'reserved'],
    ['http://192.0.2.1/', 'reserved'],
    ['http://198.18.0.1/', 'reserved'],
    ['http://198.51.100.1/', 'reserved'],
    ['http://203.0.113.1/', 'reserved'],
    ['http://[::]/', 'unspecified'],
    ['http://[::1]/', 'loopback'],
    ['http://[0:0:0:0:0:0:0:1]:8080/', 'loopback'],
    ['http://[fe80::1]/', 'link-local'],
    ['http://[fc00::1]/', 'private'],
    ['http://[fd00:ec2::254]/', 'private'],
    ['http://[fec0::1]/', 'reserved'],
    ['http://[ff02::1]/', 'multicast'],
    ['http://[2001:db8::1]/', 'reserved'],
    ['http://[3fff::1]/', 'reserved'],
    ['http://[100::1]/', 'reserved'],
    ['http://[5f00::1]/', 'reserved'],
    ['http://[4000::1]/', 'reserved'],
    // IPv4 inside IPv6.
    ['http://[::ffff:127.0.0.1]/', 'IPv4 inside IPv6'],
    ['http://[::ffff:8.8.8.8]/', 'IPv4 inside IPv6'],
    ['http://[::ffff:7f00:1]/', 'IPv4 inside IPv6'],
    ['http://[::127.0.0.1]/', 'reserved'],
    ['http://[::ffff:0:127.0.0.1]/', 'IPv4 inside IPv6'],
    ['http://[64:ff9b::7f00:1]/', 'IPv4 inside IPv6'],
    ['http://[64:ff9b:1::a00:1]/', 'IPv4 inside IPv6'],
    ['http://[2002:7f00:1::]/', 'IPv4 inside IPv6'],
    ['http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/', 'IPv4 inside IPv6'],
    // Loopback, spelled otherwise.
    ['http://2130706433/', 'loopback'],
    ['http://017700000001/', 'loopback'],
    ['http://0x7f000001/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://0177.0.0.1/', 'loopback'],
    ['http://127.1/', 'loopback'],
    ['http://127.0.1/', 'loopback'],
    ['http://127.0.0.1./', 'loopback'],
    ['http://0/', 'unspecified'],
    ['http://127.0.0.1%2f/', null],
    ['http://%31%32%37.0.0.1/', 'loopback'],
    ['http://１２７.０.０.１/', 'loopback'],
    ['http://①②⑦.⓪.⓪.①/', 'loopback'],
    ['http://127。0。0。1/', 'loopback'],
    ['http:127.0.0.1/', 'loopback'],
    ['http:\\\\127.0.0.1\\', 'loopback'],
    ['http:///127.0.0.1/', 'loopback'],
    ['HTTP://127.0.0.1/', 'loopback'],
    // Names.
    ['http://localhost/', 'internal'],
    ['http://LOCALHOST:3000/', 'internal'],
    ['http://localhost./', 'internal'],
    ['http://localhost../', 'empty part'],
    ['http://localhost。/', 'internal'],
    ['http://ｌocalhost/', 'internal'],
    ['http://loc\u00adalhost/', 'internal'],
    ['http://api.localhost/', 'internal'],
    ['http://metadata.google.internal/', 'internal'],
    ['http://printer.local/', 'internal'],
    ['http://a..b/', 'empty part'],
    ['http://inside.example/', 'private'],
    ['http://inside.example./', 'private'],
    ['http://half.example/', 'loopback'],
    ['http://metadata.example/', 'link-local'],
    ['http://mapped.example/', 'IPv4 inside IPv6'],
    ['http://zone.example/', 'link-local'],
    ['http://odd.example/', 'unreadable'],
    ['http://127.0.0.1.nip.io/', 'loopback'],
    // Not URLs that this client speaks.
    ['ftp://example.com/', 'only http: and https:'],
    ['file:///etc/passwd', 'only http: and https:'],
    ['data:text/plain,hello', 'only http: and https:'],
    ['ws://example.com/', 'only http: and https:'],
    ['javascript:alert(1)', 'only http: and https:'],
    ['http://user:password@example.com/', 'user name or password'],
    ['http://example.com@127.0.0.1/', 'user name or password'],
    ['http://[fe80::1%25eth0]/', null],
    ['http://localhost%00.example.com/', null],
    ['http://256.256.256.256/', null],
    ['http://exam\nple.com/', null],
    ['http://example.com/\r\nX-Evil: 1', null],
    ['//example.com/', null],
    ['/path', null],
    ['', null],
    // Ports of other protocols.
    ['http://example.com:22/', 'blocked'],
    ['http://example.com:25/', 'blocked'],
    ['https://example.com:6667/', 'blocked'],
    ['http://example.com:0/', 'blocked'],
  ])('refuses %j and dials no one', async (url, reason) => {
    const { ask, dialled } = guarded()
    const error = await ask(url)
    expect(error).toBeInstanceOf(FetchRefused)
    expect((error as Error).message).toContain(reason ?? 'The URL is not valid')
    expect(dialled).toEqual([])
  })

  test.each([
    ['http://example.com/', ['93.184.215.14 http:']],
    ['https://EXAMPLE.com./path?x#y', ['93.184.215.14 https:']],
    ['http://example.com:8080/', ['93.184.215.14 8080']],
    ['http://example.com\\@127.0.0.1/', ['93.184.215.14 http:']],
    ['http://example.com/?http://127.0.0.1/', ['93.184.215.14 http:']],
    ['http://ｅxample.com/', ['93.184.215.14 http:']],
    ['https://both.example/', ['93.184.215.14 https:', '2606:2800:21f:cb07:6820:80da:af6b:8b2c https:']],
    ['http://8.8.8.8/', ['8.8.8.8 http:']],
    ['http://134744072/', ['8.8.8.8 http:']],
    ['http://172.32.0.1/', ['172.32.0.1 http:']],
    ['http://100.128.0.1/', ['100.128.0.1 http:']],
    ['http://[2606:4700:4700::1111]/', ['2606:4700:4700::1111 http:']],
  ])('would dial for %j the address that was checked', async (url, expected) => {
    const { ask, dialled } = guarded()
    expect(await ask(url)).toBeInstanceOf(FetchFailed)
    expect(dialled).toEqual(expected)
  })

  test.each([
    ['http://nowhere.example/', 'The host nowhere.example could not be found (ENOTFOUND).'],
    ['http://empty.example/', 'The host empty.example has no address.'],
    [
      'http://example.com/secret?token=abc',
      'example.com could not be reached, or the connection broke (ECONNREFUSED).',
    ],
  ])('fails at %j without naming its path or address', async (url, message) => {
    expect(await guarded().ask(url)).toEqual(new FetchFailed(message))
  })

  test('knows the kind of each address at the edges of the ranges', () => {
    const edges = [
      '9.255.255.255',
      '11.0.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '192.167.255.255',
      '223.255.255.255',
    ]
    expect(edges.map(addressFault)).toEqual(edges.map(() => null))
    expect(addressFault('::ffff:1.2.3.4')).toBe('IPv4 inside IPv6')
    expect(addressFault('not an address')).toBe('unreadable')
  })
})
