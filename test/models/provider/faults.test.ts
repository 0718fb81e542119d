import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createProviders } from '../../../src/models/providers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { noAccess } from './no-access.ts'
import { call, startWire, user, wires } from './wire.ts'

const hi = [user('Hi')]

const keys = ['sk-openai-secret', 'sk-anthropic-secret', 'sk-compatible-secret']

describe.each(wires)('%s', (id, name) => {
  test.each([
    [400, 'rejected', false],
    [401, 'unavailable', false],
    [404, 'unavailable', false],
    [413, 'rejected', false],
    [422, 'rejected', false],
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [529, 'unavailable', true],
  ])('an answer %i is %s with the provider’s words, retryable: %s', async (status, kind, isRetryable) => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { error: { message: 'My own words.' }, status })
    const { fault, parts } = await call(wire.open(id, name), hi)
    expect(fault).toMatchObject({ kind, isRetryable, message: 'My own words.', isThrottled: false })
    expect(parts).toEqual([])
    expect(wire.sent).toHaveLength(1)
  })

  test('429 tells when to come again, and is not tried again here', async () => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { error: { message: 'Slow down.' }, status: 429, retryAfter: 7 })
    const { fault } = await call(wire.open(id, name), hi)
    const told = {
      kind: 'unavailable',
      isRetryable: true,
      retryAfterMs: 7000,
      isThrottled: true,
      message: 'Slow down.',
    }
    expect(fault).toMatchObject(told)
    expect(wire.sent).toHaveLength(1)
  })

  test('the key is not in a fault, though the provider repeats it', async () => {
    const wire = await startWire()
    const message = `Incorrect API key provided: ${keys.join(' or ')}`
    wire.mock.onMessage('Hi', { error: { message }, status: 401 })
    const { fault } = await call(wire.open(id, name), hi)
    const key = keys.find((each) => id.startsWith(each.split('-')[1] ?? '')) ?? ''
    expect((fault as Error).message).toContain('***')
    expect(String((fault as Error).stack)).not.toContain(key)
    expect((fault as Error).cause).toBeUndefined()
  })

  test('a stream that is cut off in the middle is a fault, after what it said', async () => {
    const wire = await startWire()
    const content = 'One two three four five six seven eight nine ten.'
    wire.mock.onMessage('Hi', { content }, { chunkSize: 3, truncateAfterChunks: 12, latency: 1 })
    const { fault, text, last } = await call(wire.open(id, name), hi)
    const message = "The provider's answer broke off (UND_ERR_SOCKET)."
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message })
    expect(content.startsWith(text) && text.length > 5 && text.length < content.length).toBe(true)
    expect(last?.type).not.toBe('finish')
  })

  test.each([1, 2, 3])('a stream that is cut off after %i events is a fault', async (events) => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'One.' }, { truncateAfterChunks: events, latency: 1 })
    const { fault } = await call(wire.open(id, name), hi)
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true })
  })

  test('a reader that leaves after the first word ends the request', async () => {
    const wire = await startWire()
    wire.pieceLength = 1
    wire.mock.onMessage('Hi', { content: 'word '.repeat(100) }, { chunkSize: 5 })
    for await (const part of wire.open(id, name).stream({ prompt: hi, signal: new AbortController().signal })) {
      if (part.type === 'text') break
    }
    await wire.left
  })

  test.each([1, 3, 6])('a stream that ends after %i events as if it were done is a fault', async (events) => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'One two three.' }, { chunkSize: 3 })
    wire.edit = (all) => [...all.slice(0, events), '']
    const { fault, last } = await call(wire.open(id, name), hi)
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true })
    expect((fault as Error).message).toMatch(/stream ended/i)
    expect(last?.type).not.toBe('finish')
  })

  test.each([
    ['no JSON', 'data: {"choices": [{"delta'],
    ['not its protocol', 'data: {"type": 7, "choices": "none", "delta": 1}'],
  ])('an event in the middle that is %s is a fault, and nothing of it is told', async (_, garbage) => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'One two three.' }, { chunkSize: 3 })
    wire.edit = (events) => events.map((event) => (event.includes(' tw') ? garbage : event))
    const { fault, text } = await call(wire.open(id, name), hi)
    const toldBefore = 'One'
    const where = /^The provider sent something that cannot be read, as event \d of its answer: /
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message: expect.stringMatching(where) })
    expect((fault as Error).message).toContain(garbage.replace('data: ', ''))
    expect(text).toBe(toldBefore)
  })

  test.each([
    ['malformedRate', /cannot be read/],
    ['dropRate', /./],
    ['disconnectRate', /^The provider could not be reached \(UND_ERR_SOCKET\)\.$/],
  ] as const)('the mock’s %s is a fault that may pass', async (rate, message) => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'One two three.' }, { chaos: { [rate]: 1 } })
    const { fault, parts } = await call(wire.open(id, name), hi)
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message: expect.stringMatching(message) })
    expect(parts).toEqual([])
  })

  test('no one listening is a fault that may pass', async () => {
    const wire = await startWire()
    const model = wire.open(id, name)
    await wire.mock.stop()
    const message = 'The provider could not be reached (ECONNREFUSED).'
    expect((await call(model, hi)).fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message })
    await wire.mock.start()
  })

  test('a server that falls silent in the middle is a fault that may pass', async () => {
    const url = await serve(
      createServer((request, response) => {
        if (request.method === 'GET') return void response.writeHead(404).end()
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': nothing more comes\n\n')
      }),
    )
    const wire = await startSilent(url)
    const calling = call(wire.open(id, name), hi)
    await wire.silence()
    const message = 'The model said nothing for 9 s.'
    expect((await calling).fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message })
  })

  test('aborting ends the call and the request, whatever the provider does', async () => {
    const gone = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const url = await serve(
      createServer((request, response) => {
        if (request.method === 'GET') return void response.writeHead(404).end()
        response.once('close', gone.resolve)
        asked.resolve()
      }),
    )
    const wire = await startSilent(url)
    const abort = new AbortController()
    const calling = call(wire.open(id, name), hi, abort.signal)
    await asked.promise
    abort.abort(new Error('not wanted any more'))
    expect((await calling).fault).toBe(abort.signal.reason)
    await gone.promise
  })
})

test('what a cut call of Anthropic’s has used is told all the same', async () => {
  const wire = await startWire()
  const usage = { input_tokens: 12, output_tokens: 3 }
  wire.mock.onMessage('Hi', { content: 'One two three.', usage }, { chunkSize: 3, truncateAfterChunks: 4, latency: 1 })
  const { fault, parts } = await call(wire.open('anthropic', 'claude-sonnet-4-5'), hi)
  expect(fault).toMatchObject({ isRetryable: true })
  const told = { inputTokens: 12, cachedInputTokens: 0, outputTokens: 3, reasoningTokens: 0 }
  expect(parts.filter(({ type }) => type === 'usage')).toEqual([{ type: 'usage', usage: told }])
})

test('an interrupted end does not take back what was told before', async () => {
  const wire = await startWire()
  wire.mock.onMessage(
    'Hi',
    { content: 'One two three.', usage: { input_tokens: 12, output_tokens: 3 } },
    { chunkSize: 3 },
  )
  wire.edit = (events) => [...events.slice(0, 5), '']
  const { parts } = await call(wire.open('anthropic', 'claude-sonnet-4-5'), hi)
  expect(parts.filter(({ type }) => type === 'usage')).toHaveLength(1)
})

test('Anthropic’s overload, told with status 200, is a fault that may pass', async () => {
  const wire = await startWire()
  wire.mock.onMessage('Hi', { content: 'Hello' })
  const overloaded = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
  for (const before of [0, 3]) {
    wire.edit = (events) => [...events.slice(0, before), overloaded, '']
    const { fault } = await call(wire.open('anthropic', 'claude-sonnet-4-5'), hi)
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message: 'Overloaded' })
  }
})

test.each([
  ['rate_limit_exceeded', 'unavailable', true, true],
  ['server_error', 'unavailable', true, false],
  ['invalid_prompt', 'rejected', false, false],
  ['insufficient_quota', 'unavailable', false, false],
])('OpenAI’s failed response with code %s is %s, whenever it comes', async (code, kind, isRetryable, isThrottled) => {
  const response = { id: 'r', status: 'failed', error: { code, message: 'Sorry.' } }
  const failed = `data: ${JSON.stringify({ type: 'response.failed', sequence_number: 9, response })}`
  for (const before of [0, 2, 6]) {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'Hello' })
    wire.edit = (events) => [...events.slice(0, before), failed, '']
    const { fault } = await call(wire.open('openai', 'gpt-5.4'), hi)
    expect(fault).toMatchObject({ kind, isRetryable, isThrottled, message: 'Sorry.' })
  }
})

async function serve(server: Server): Promise<string> {
  opened(server).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** Providers at that address, and a clock that the test moves behind the model's patience once a call is out. */
async function startSilent(baseUrl: string) {
  const asleep = Promise.withResolvers<() => void>()
  let now = 0
  const access = { apiKey: 'sk-secret-key', baseUrl }
  const { providers } = opened(
    createProviders({
      access: { ...noAccess, openai: access, anthropic: access, compatible: access },
      fetch,
      clock: () => now,
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', reject, { once: true })
          asleep.resolve(() => resolve(undefined))
        }),
      random: () => 0,
      maxInFlight: 1,
      silenceMs: 9000,
    }),
  )
  return {
    open(id: string, name: string) {
      const opened = providers.find((provider) => provider.id === id)?.open(name, {})
      if (opened === undefined || 'kind' in opened) throw new Error(`${id}:${name} was refused`)
      return opened
    },
    async silence() {
      const wake = await asleep.promise
      now = 9000
      wake()
    },
  }
}
