import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Model } from '../../../src/models/model.ts'
import { type EnginePlace, engines, sharedEngines } from '../../conformance/engines.ts'
import { declared, stateOf, untilParked } from '../../support/function/function-runs.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { collect, watchWebsocket } from '../../support/watching/watchers.ts'

const keys = { acme: 'acme-key-0123456789', beta: 'beta-key-0123456789' } as const
type Account = keyof typeof keys
const apiKeys = { API_KEYS: `acme:${keys.acme},beta:${keys.beta}` }

async function send(service: Pick<Service, 'url'>, account: Account | null, input: object): Promise<Response> {
  return fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(account === null ? {} : { authorization: `Bearer ${keys[account]}` }),
    },
    body: JSON.stringify({
      query: 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }',
      variables: { input: { messages: [{ type: 'USER', text: 'Hello' }], ...input } },
    }),
  })
}

async function dispatched(service: Pick<Service, 'url'>, account: Account | null, input: object = {}): Promise<string> {
  const channelId = ids.channelId()
  expect((await send(service, account, { channelId, ...input })).status).toBe(200)
  return channelId
}

/** Holds each run until it is let go; tells which run, by the order of their first words. */
function createHeldModel() {
  const held = new Map<string, () => void>()
  const model: Model = {
    name: 'held',
    async *stream({ prompt, signal }) {
      const name = JSON.stringify(prompt)
      await new Promise<void>((resolve) => {
        held.set(name, resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      held.delete(name)
      yield { type: 'text', text: 'word' }
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 }
      yield { type: 'finish', finish: 'stop', usage }
    },
  }
  return {
    model,
    /** The texts of those that run now, of these. */
    running: (texts: readonly string[]) => texts.filter((text) => [...held.keys()].some((name) => name.includes(text))),
    letGo(text: string) {
      for (const [name, resolve] of held) if (name.includes(text)) resolve()
    },
  }
}

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: EnginePlace
  beforeAll(async () => {
    place = await start()
  })

  test('an account runs a limited number of dispatches at once, in order of arrival; other accounts do not wait', async () => {
    const held = createHeldModel()
    const service = await startService({
      model: 'held',
      providers: [scriptedProvider(held.model)],
      env: { ...place.env, ...apiKeys, RUNNING_DISPATCHES: '2' },
    })
    const texts = ['text-1', 'text-2', 'text-3', 'text-4', 'text-5', 'text-6']
    const all = [...texts, 'of-beta']
    for (const text of texts) {
      await dispatched(service, 'acme', { messages: [{ type: 'USER', text }] })
      // In this order they are to be in line.
      if (text === 'text-2') await vi.waitFor(() => expect(held.running(all)).toEqual(['text-1', 'text-2']))
    }
    await dispatched(service, 'beta', { messages: [{ type: 'USER', text: 'of-beta' }] })
    await vi.waitFor(() => expect(held.running(all)).toEqual(['text-1', 'text-2', 'of-beta']))
    const seen: string[][] = []
    for (const text of texts) {
      held.letGo(text)
      const next = texts.slice(texts.indexOf(text) + 1, texts.indexOf(text) + 3)
      await vi.waitFor(() => expect(held.running(texts)).toEqual(next), { timeout: 5000, interval: 5 })
      seen.push([...held.running(texts)])
    }
    expect(seen).toHaveLength(6)
    held.letGo('of-beta')
  })

  test('a dispatch over the limit is QUEUED and can be cancelled; a parked one does not count', async () => {
    const asks = createScriptedModel([{ lines: [{ call: 'ask' }] }, { lines: ['done'] }])
    const service = await startService({
      model: 'scripted',
      providers: [scriptedProvider(asks)],
      env: { ...place.env, RUNNING_DISPATCHES: '1' },
    })
    const functions = [declared('ask', { result: { channel: ids.channelId() } })]
    const parked = await dispatched(service, null, { functions })
    await untilParked(service, parked)
    const next = await dispatched(service, null)
    expect((await collect(watchWebsocket(service, { channelId: next }))).at(-1)?.__typename).toBe('DispatchCompleted')
    expect((await stateOf(service, parked)).status).toBe('WAITING')
  })

  test('dispatches over the rate are refused with the time to wait; a repeated dispatch is not', async () => {
    const service = await startService({ env: { ...place.env, ...apiKeys, DISPATCHES_PER_MINUTE: '2' } })
    const channelId = await dispatched(service, 'acme')
    await dispatched(service, 'acme')
    const response = await send(service, 'acme', {})
    expect(response.status).toBe(429)
    const retryAfter = Number(response.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThanOrEqual(29)
    expect(retryAfter).toBeLessThanOrEqual(30)
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: `The account has used up its dispatches of this minute; the next may be sent in ${retryAfter} s.`,
          extensions: { code: 'LIMIT_EXCEEDED', retryAfterSeconds: retryAfter },
        },
      ],
    })
    expect((await send(service, 'acme', { channelId })).status).toBe(200)
    expect((await send(service, 'beta', {})).status).toBe(200)
  })
})

test.each(sharedEngines)(
  'on %s, the places of a killed worker serve the waiting runs, and its own',
  async (_name, _open, start) => {
    const place = await start()
    const env = { ...place.env, RUNNING_DISPATCHES: '2', LEASE_MS: '1000', WORKER_CONCURRENCY: '4' }
    const [api, first] = await Promise.all([startProcess('api', env), startProcess('worker', env)])
    const slow = { model: 'demo/delayMs=20/words=100' }
    const channels = []
    for (let n = 0; n < 5; n++) channels.push(await dispatched(api, null, slow))
    const [one = ''] = channels
    await vi.waitFor(async () => expect((await stateOf(api, one)).status).toBe('RUNNING'), { timeout: 5000 })
    await first.kill('SIGKILL')
    await startProcess('worker', env)
    const service = { ...api, close: async () => {} }
    const ends = await Promise.all(channels.map((channelId) => collect(watchWebsocket(service, { channelId }))))
    expect(ends.map((events) => events.at(-1)?.__typename)).toEqual(Array(5).fill('DispatchCompleted'))
  },
  60_000,
)
