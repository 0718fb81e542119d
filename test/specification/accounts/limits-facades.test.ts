import { beforeAll, describe, expect, test } from 'vitest'
import { type ObservedService, startObservedService } from '../../support/service/observed-service.ts'

const keys = { acme: 'acme-key-0123456789', beta: 'beta-key-0123456789' } as const
type Account = keyof typeof keys

/** What each front end asks, which is new each time, and how it is refused. */
const facades = {
  'POST /ai-sdk/chat': {
    path: '/ai-sdk/chat',
    ask: (text: string) => ({
      id: crypto.randomUUID(),
      messages: [{ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }],
    }),
    words: (text: string) => text,
  },
  'POST /openai/v1/responses': {
    path: '/openai/v1/responses',
    ask: (input: string) => ({ input, stream: true }),
    words: (text: string) => (JSON.parse(text) as { error: { message: string } }).error.message,
  },
  'POST /ag-ui/:agent': {
    path: '/ag-ui/default',
    ask: (content: string) => ({
      threadId: crypto.randomUUID(),
      runId: 'r',
      messages: [{ id: 'u', role: 'user', content }],
    }),
    words: (text: string) => (JSON.parse(text) as { message: string }).message,
  },
} as const

let service: ObservedService
beforeAll(async () => {
  service = await startObservedService({
    env: {
      API_KEYS: `acme:${keys.acme},beta:${keys.beta}`,
      DISPATCHES_PER_MINUTE: '3',
      SUBSCRIPTIONS_PER_ACCOUNT: '3',
      MAX_REQUEST_BYTES: '65536',
      DEFAULT_MODEL: 'demo/delayMs=50/words=20000',
    },
  })
})

interface Sending {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

async function post(
  { path }: { readonly path: string },
  body: object,
  account: Account,
  { headers = {}, ...sending }: Sending = {},
) {
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys[account]}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...sending,
  })
  return { status: response.status, after: response.headers.get('retry-after'), text: () => response.text() }
}

test('an account has so many dispatches a minute and so many open streams, over all front ends together', async () => {
  const abort = new AbortController()
  for (const facade of Object.values(facades)) {
    expect((await post(facade, facade.ask('Hi'), 'acme', { signal: abort.signal })).status).toBe(200)
  }
  for (const facade of Object.values(facades)) {
    const refused = await post(facade, facade.ask('Hi'), 'acme')
    expect([refused.status, Number(refused.after)]).toEqual([429, expect.any(Number)])
    expect(Number(refused.after)).toBeGreaterThan(5)
    expect(facade.words(await refused.text())).toMatch(/^The account has used up its dispatches/)
  }
  const response = await fetch(`${service.url}/ai-sdk/chat/never-used-in-this-test/stream`, {
    headers: { authorization: `Bearer ${keys.beta}` },
  })
  expect(response.status).toBe(204)
  abort.abort()
})

describe.each(Object.entries(facades))('%s', (operation, facade) => {
  test('refuses a body that is too large, and is counted', async () => {
    const refused = await post(facade, facade.ask('x'.repeat(70_000)), 'beta')
    expect(refused.status).toBe(413)
    expect(facade.words(await refused.text())).toMatch(/^The request's body is larger than 65536/)
    const packed = await post(facade, facade.ask('Hi'), 'beta', { headers: { 'content-encoding': 'sealed' } })
    expect([packed.status, facade.words(await packed.text())]).toEqual([415, expect.stringContaining('"sealed"')])
    const metrics = await (await fetch(service.metricsUrl)).text()
    const counted = (outcome: string) =>
      Number(
        metrics
          .split(`backchannel_operations_total{operation="${operation}",outcome="${outcome}"} `)[1]
          ?.split('\n')[0],
      )
    expect([counted('answered'), counted('refused')]).toEqual([1, 3])
  })

  test('says in its own form what the server itself refuses', async () => {
    const refused = await post(facade, facade.ask('Hi'), 'beta', { headers: { origin: 'https://elsewhere.example' } })
    expect(refused.status).toBe(403)
    expect(facade.words(await refused.text())).toBe('Pages of other hosts may not call this server.')
  })
})
