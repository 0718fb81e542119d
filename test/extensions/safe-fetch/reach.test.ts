import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseAllowedHost } from '../../../src/extensions/safe-fetch/allow.ts'
import { dialAddresses } from '../../../src/extensions/safe-fetch/exchange.ts'
import { FetchFailed, FetchRefused } from '../../../src/extensions/safe-fetch/fault.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { guarded, named } from '../fetch/guarded.ts'
import { startFetchServer, text } from '../fetch/server.ts'

describe('a resolver that changes its answer', () => {
  test('is asked once: the checked addresses are the dialled ones', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']]
    const { ask, dialled } = guarded({ lookup: async () => answers.shift() ?? ['127.0.0.1'] })
    expect(await ask('http://rebind.example/')).toBeInstanceOf(FetchFailed)
    expect(dialled).toEqual(['93.184.215.14 http:'])
    expect(answers).toEqual([['127.0.0.1']])
  })

  test('is refused when a later request gets the internal address', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']]
    const { ask, dialled } = guarded({ lookup: async () => answers.shift() ?? [] })
    await ask('http://rebind.example/')
    expect(await ask('http://rebind.example/')).toBeInstanceOf(FetchRefused)
    expect(dialled).toEqual(['93.184.215.14 http:'])
  })

  test.each([[['93.184.215.14', '127.0.0.1']], [['127.0.0.1', '93.184.215.14']]])(
    'is refused with %j at once',
    async (both) => {
      const { ask, dialled } = guarded({ lookup: async () => both })
      expect(await ask('http://rebind.example/')).toBeInstanceOf(FetchRefused)
      expect(dialled).toEqual([])
    },
  )

  test('is not asked again by the real dialler, which uses the given addresses only', async () => {
    const server = await startFetchServer(text('here'))
    let asked = 0
    const safeFetch = opened(
      createSafeFetch({
        allow: ['no-such-name.corp'],
        lookup: async () => {
          asked++
          return ['127.0.0.1']
        },
      }),
    )
    const url = `http://no-such-name.corp:${server.port}/`
    const { status } = await safeFetch.fetch({
      url,
      signal: new AbortController().signal,
      timeoutMs: 5000,
      maxBytes: 1000,
    })
    expect([status, asked, server.seen[0]?.headers.host]).toEqual([200, 1, `no-such-name.corp:${server.port}`])
  })

  test('cannot use a connection of an earlier request: each request opens its own', async () => {
    const server = await startFetchServer(text('here'))
    const dialled: string[] = []
    const answers = [['93.184.215.14'], ['93.184.215.14'], ['10.0.0.1']]
    const { ask } = guarded({
      lookup: async () => answers.shift() ?? [],
      dial: (addresses) => (_options, callback) => {
        dialled.push(...addresses)
        const socket = connect(server.port, '127.0.0.1', () => callback(null, socket))
      },
    })
    const first = [await ask('http://rebind.example/'), await ask('http://rebind.example/')]
    expect([...first, dialled]).toEqual([200, 200, ['93.184.215.14', '93.184.215.14']])
    expect(await ask('http://rebind.example/')).toBeInstanceOf(FetchRefused)
    expect(server.seen).toHaveLength(2)
  })
})

describe('the allow-list', () => {
  test.each([
    ['10.0.0.7', 'http://10.0.0.7/', true],
    ['10.0.0.7', 'http://10.0.0.7:9000/', true],
    ['10.0.0.7', 'http://167772167/', true],
    ['10.0.0.7', 'http://10.0.0.8/', false],
    ['10.0.0.7:8080', 'http://10.0.0.7:8080/', true],
    ['10.0.0.7:8080', 'http://10.0.0.7/', false],
    ['10.0.0.7:80', 'http://10.0.0.7/', true],
    ['10.0.0.7:443', 'https://10.0.0.7/', true],
    ['10.0.0.7:443', 'http://10.0.0.7/', false],
    ['10.0.0.7:22', 'http://10.0.0.7:22/', true],
    ['localhost', 'http://localhost.:3000/', true],
    ['localhost', 'http://api.localhost/', false],
    ['localhost', 'http://127.0.0.1/', false],
    ['billing.corp', 'http://BILLING.corp/', true],
    ['BILLING.corp.', 'http://billing.corp/', true],
    ['billing.corp', 'http://x.billing.corp/', false],
    ['billing.corp', 'http://inside.example/', false],
    ['billing.corp', 'http://billing.corp@inside.example/', false],
    ['[::1]:9000', 'http://[::1]:9000/', true],
    ['[::1]:9000', 'http://[::1]:9001/', false],
    ['::1', 'http://[0::1]:5/', true],
  ])('with %j treats %j as open: %j', async (entry, url, isOpen) => {
    const { ask, dialled } = guarded({
      allow: [entry],
      lookup: async (host) => (host === 'localhost' ? ['127.0.0.1'] : named(host)),
    })
    expect(await ask(url)).toBeInstanceOf(isOpen ? FetchFailed : FetchRefused)
    expect(dialled).toHaveLength(isOpen ? 1 : 0)
  })

  test.each([
    '',
    'http://a',
    'a/b',
    '*.corp',
    '*',
    'a:0',
    'a:70000',
    'a:b',
    'user@a',
    '[::1',
    'a b',
    '256.256.256.256',
  ])('takes no entry like %j', (entry) => {
    expect(parseAllowedHost(entry)).toBe(`${JSON.stringify(entry)} is not a host or host:port.`)
    expect(() => createSafeFetch({ allow: [entry] })).toThrow('is not a host or host:port')
  })
})

test('uses no proxy, whatever the environment says', async () => {
  const proxy = await startFetchServer(text('proxied'))
  const server = await startFetchServer(text('direct'))
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
    const before = process.env[name]
    process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url
    onTestFinished(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
  const { ask } = guarded({ allow: [server.host], dial: dialAddresses })
  expect([await ask(server.url), proxy.seen.length, server.seen.length]).toEqual([200, 0, 1])
})
