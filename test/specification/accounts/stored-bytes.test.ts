import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { ids } from '../../support/run/runs.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const keys = { acme: 'acme-key-0123456789', beta: 'beta-key-0123456789' } as const
const storedBytes = 1_000_000

async function send(service: Service, account: keyof typeof keys, query: string, variables: object) {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[account]}` },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as {
    readonly data?: Readonly<Record<string, object | null>> | null
    readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
  }
}

const dispatchQuery =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: EnginePlace
  let service: Service
  beforeAll(async () => {
    place = await start()
    const apiKeys = `acme:${keys.acme},beta:${keys.beta}`
    const env = { ...place.env, API_KEYS: apiKeys, STORED_BYTES_PER_ACCOUNT: String(storedBytes) }
    service = await startService({ env, model: 'demo/delayMs=0/words=3' })
  })
  const dispatchAs = (account: keyof typeof keys, input: object) => send(service, account, dispatchQuery, { input })

  // Once 1.2 KB of aliases stored 301 MB: each continued the same large dispatch, and copied it.
  test('many turns in one request store no more than their account may, and end nobody else', async () => {
    const large = ids.channelId()
    const messages = [{ type: 'USER', text: 'x'.repeat(60_000) }]
    await dispatchAs('acme', { channelId: large, messages })
    await vi.waitFor(async () => {
      const { data } = await send(service, 'acme', 'query ($id: ID!) { dispatch(channelId: $id) { status } }', {
        id: large,
      })
      expect(data).toMatchObject({ dispatch: { status: 'COMPLETED' } })
    })
    const again = { continues: large, messages: [{ type: 'USER', text: 'x'.repeat(20_000) }] }
    const aliases = Array.from({ length: 60 }, (_, n) => `a${n}: dispatchConversation(input: $input) { channelId }`)
    const query = `mutation ($input: DispatchConversationInput!) { ${aliases.join(' ')} }`
    const { errors = [] } = await send(service, 'acme', query, { input: again })
    expect(errors.length).toBeGreaterThan(0)
    // The embedded engine makes room by dropping the account's oldest log first, which is the one that is continued.
    const code = place.isShared ? 'LIMIT_EXCEEDED' : 'NOT_FOUND'
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]))
    expect((await dispatchAs('beta', { messages })).errors).toBe(undefined)
  })
})
