import { describe, expect, test } from 'vitest'
import type { Services } from '../../../src/api/services.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import { codes, type Result, transports } from '../../server/ask.ts'
import { startEdge } from '../../server/edge.ts'

const channels = Array.from({ length: 40 }, (_, n) => `channel-of-this-test-${n}`)

/** An ended dispatch in each channel, whose transcript is one message of so many characters; counts what is loaded. */
function stored(characters: number) {
  const loads: string[] = []
  let atOnce = 0
  let most = 0
  const load = async <Value>(name: string, value: () => Value): Promise<Value> => {
    loads.push(name)
    atOnce += 1
    most = Math.max(most, atOnce)
    await new Promise(setImmediate)
    atOnce -= 1
    return value()
  }
  const run = (key: ChannelKey) => ({
    key,
    status: 'completed',
    paused: null,
    attempts: 1,
    model: 'demo',
    botId: null,
    contactId: null,
    createdAt: 1,
    startedAt: 1,
    finishedAt: 1,
    result: null,
    error: null,
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, iterations: 0 },
    position: { epoch: 'abcdefgh', offset: 1, tag: 't' },
  })
  const services = {
    runs: {
      find: (keys: readonly ChannelKey[]) => load('record', () => keys.map(run)),
      facts: ({ channel }: ChannelKey) =>
        load(`facts of ${channel}`, () => {
          const message = { id: 'm1', type: 'user', text: 'x'.repeat(characters), createdAt: 1 }
          return [{ offset: 1, tag: 't', at: 1, event: { type: 'dispatch-queued', messages: [message] } }]
        }),
    },
    log: {
      read: (key: ChannelKey) => load(`page of ${key.channel}`, () => null),
    },
    cancelDispatch: async (key: ChannelKey) => run(key),
  }
  return { services: services as unknown as Partial<Services>, loads, most: () => most }
}

const dispatch = (alias: string, channel: string, fields = 'messages { text }') =>
  `${alias}: dispatch(channelId: "${channel}") { ${fields} }`

async function ask(services: Partial<Services>, query: string, transport: keyof typeof transports = 'HTTP') {
  const { url } = await startEdge(services)
  return transports[transport](url, { query })
}

describe('what a query asks for many times is loaded once', () => {
  const [channel = ''] = channels
  const aliases = Array.from({ length: 30 }, (_, n) => `a${n}`)

  test.each(['HTTP', 'SSE', 'WebSocket'] as const)('with aliases and fragments, over %s', async (transport) => {
    const { services, loads } = stored(1000)
    const query = `{ ${aliases.map((alias) => dispatch(alias, channel)).join(' ')} ...Again }
      fragment Again on Query { ${dispatch('again', channel, 'status messages { text }')} }`
    const [result] = await ask(services, query, transport)
    expect(Object.keys(result?.data ?? {})).toHaveLength(31)
    expect(loads).toEqual(['record', `facts of ${channel}`])
  })

  test('as pages of a log', async () => {
    const { services, loads } = stored(1000)
    const page = (alias: string) => `${alias}: channelHistory(channelId: "${channel}") { hasMore }`
    await ask(
      services,
      `{ ${aliases.map(page).join(' ')} another: channelHistory(channelId: "${channel}", first: 5) { hasMore } }`,
    )
    expect(loads).toEqual([`page of ${channel}`, `page of ${channel}`])
  })

  test('but a mutation reads again after each change', async () => {
    const { services, loads } = stored(1000)
    const cancel = (alias: string) =>
      `${alias}: cancelDispatch(channelId: "${channel}") { dispatch { messages { text } } }`
    const [result] = await ask(services, `mutation { ${cancel('a')} ${cancel('b')} }`)
    expect(codes([result as Result])).toEqual([])
    expect(loads).toEqual(['record', `facts of ${channel}`, 'record', `facts of ${channel}`])
  })
})

describe('a query that reads too much is refused', () => {
  test.each(['query', 'mutation'])('with what is left of it answered: a %s', async (kind) => {
    const { services, loads, most } = stored(4_000_000)
    const fields = channels.map((channel, n) =>
      kind === 'query'
        ? dispatch(`a${n}`, channel, 'messages { id }')
        : `a${n}: cancelDispatch(channelId: "${channel}") { dispatch { messages { id } } }`,
    )
    const [result] = await ask(services, `${kind} { ${fields.join(' ')} }`)
    expect(new Set(codes([result as Result]))).toEqual(new Set(['LIMIT_EXCEEDED']))
    // 32 million characters are eight of them, and some more were on their way.
    const read = loads.filter((name) => name.startsWith('facts'))
    expect(read.length).toBeGreaterThanOrEqual(8)
    expect(read.length).toBeLessThanOrEqual(12)
    expect(most()).toBeLessThanOrEqual(4)
  })

  test('but one dispatch can be read, however large it is', async () => {
    const { services } = stored(40_000_000)
    const [result] = await ask(services, `{ ${dispatch('a', channels[0] ?? '', 'messages { id }')} }`)
    expect(result).toEqual({ data: { a: { messages: [{ id: 'm1' }] } } })
  })
})

describe('an answer that is too large is refused before it is written', () => {
  const texts = Array.from({ length: 40 }, (_, n) => `t${n}: text`).join(' ')

  test.each(['HTTP', 'WebSocket'] as const)('of a query, over %s', async (transport) => {
    const { services } = stored(1_000_000)
    const results = await ask(services, `{ ${dispatch('a', channels[0] ?? '', `messages { ${texts} }`)} }`, transport)
    expect(codes(results)).toEqual(['LIMIT_EXCEEDED'])
    expect(results[0]?.data).toBeNull()
  })

  test.each(['SSE', 'WebSocket'] as const)('of an event of a subscription, over %s', async (transport) => {
    const { services } = stored(1_000_000)
    const query = `subscription { dispatchUpdates(channelId: "${channels[0]}") { messages { ${texts} } } }`
    const results = await ask(
      { ...services, following: services as never, follower: follower as never },
      query,
      transport,
    )
    expect(codes(results)).toEqual(['LIMIT_EXCEEDED'])
  })
})

const follower = {
  follow: () => ({
    next: async () => ({ done: true, value: undefined }),
    return: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this
    },
  }),
  close() {},
}
