import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { graphql } from '../../support/watching/watchers.ts'

/** Each call of the model reads 10 tokens, one of them cached, and writes 5, two of them reasoning. */
const cut = (text: string): ScriptedCall => ({ lines: [text], finish: 'length' })
const prices = { scripted: { input: 1000, cachedInput: 100, output: 10_000, reasoning: 20_000 } }
const env = { MODEL_PRICES: JSON.stringify(prices) }

interface Seen {
  readonly status: string
  readonly reachedLimit: { readonly kind: string; readonly used: number; readonly allowed: number } | null
  readonly result: { readonly text: string; readonly finishReason: string } | null
  readonly usage: { readonly totalTokens: number; readonly cost: number | null }
}

const fields = 'status reachedLimit { kind used allowed } result { text finishReason } usage { totalTokens cost }'

describe.each(engines)('budgets on %s', (_name, _open, startPlace) => {
  let place: EnginePlace
  let service: Service
  beforeAll(async () => {
    place = await startPlace()
  })

  const start = async (script: readonly ScriptedCall[], over: Record<string, string> = env) => {
    const providers = [scriptedProvider(createScriptedModel(script))]
    service = await startService({ model: 'scripted', providers, env: { ...place.env, ...over } })
  }
  const dispatch = async (limits: object, over: object = {}) => {
    const channelId = ids.channelId()
    const { errors } = await graphql(
      service,
      'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }',
      { input: { channelId, messages: [{ type: 'USER', text: 'Hello' }], limits, ...over } },
    )
    return { channelId, error: errors?.[0] ?? null }
  }
  const raise = async (channelId: string, limits: object) => {
    const { data, errors } = await graphql<{ raiseDispatchLimits: { dispatch: Seen } }>(
      service,
      `mutation ($input: RaiseDispatchLimitsInput!) { raiseDispatchLimits(input: $input) { dispatch { ${fields} } } }`,
      { input: { channelId, limits } },
    )
    return errors === undefined ? data.raiseDispatchLimits.dispatch : errors[0]?.extensions?.['code']
  }
  const until = (channelId: string, status: string) =>
    vi.waitFor(
      async () => {
        const query = `query ($id: ID!) { dispatch(channelId: $id) { ${fields} messages { text } } }`
        const { data } = await graphql<{ dispatch: Seen }>(service, query, { id: channelId })
        expect(data.dispatch.status).toBe(status)
        return data.dispatch
      },
      { timeout: 30_000 },
    )

  // First, while the account has used nothing.
  test('a day of an account: dispatches are refused until midnight once it is used up', async () => {
    await start([{ lines: ['Hi'] }], { TOKENS_PER_DAY: '20,another:1' })
    for (const _ of [1, 2]) await until((await dispatch({})).channelId, 'COMPLETED')
    const { error } = await dispatch({})
    expect(error?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED' })
    const seconds = Number(error?.extensions?.['retryAfterSeconds'])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(24 * 3600)
  })

  test('a run pauses at its limit, is raised too little, then enough, and completes', async () => {
    await start([cut('One'), cut(' two'), { lines: [' three.'] }])
    const { channelId } = await dispatch({ tokens: 20, whenReached: 'PAUSE' })
    const paused = await until(channelId, 'WAITING')
    const cost = 0.009 + 0.0001 + 0.03 + 0.04
    expect(paused).toMatchObject({
      reachedLimit: { kind: 'TOKENS', used: 30, allowed: 20 },
      result: null,
      usage: { totalTokens: 30, cost: Number((2 * cost).toFixed(12)) },
    })
    // A list has it from the record, the dispatch from its log.
    const list = await graphql<{ dispatches: { edges: { node: Seen }[] } }>(
      service,
      'query { dispatches(first: 1, statuses: [WAITING]) { edges { node { channelId reachedLimit { kind used allowed } } } } }',
    )
    expect(list.data.dispatches.edges).toEqual([{ node: { channelId, reachedLimit: paused.reachedLimit } }])
    expect(await raise(channelId, { tokens: 30 })).toMatchObject({
      status: 'WAITING',
      reachedLimit: { kind: 'TOKENS', used: 30, allowed: 30 },
    })
    expect(await raise(channelId, { tokens: 31 })).toMatchObject({ status: 'QUEUED', reachedLimit: null })
    expect(await until(channelId, 'COMPLETED')).toMatchObject({
      reachedLimit: null,
      result: { text: 'One two three.', finishReason: 'STOP' },
      usage: { totalTokens: 45, cost: Number((3 * cost).toFixed(12)) },
    })
    const { data } = await graphql<{ channelHistory: { events: { __typename: string }[] } }>(
      service,
      `query ($id: ID!) { channelHistory(channelId: $id, first: 100) { events { __typename
        ... on DispatchPaused { reachedLimit { kind used allowed } usage { totalTokens cost } } } } }`,
      { id: channelId },
    )
    const told = data.channelHistory.events.filter(({ __typename }) => /Paused|Raised/.test(__typename))
    expect(told).toEqual([
      {
        __typename: 'DispatchPaused',
        reachedLimit: paused.reachedLimit,
        usage: paused.usage,
      },
      { __typename: 'LimitsRaised' },
      { __typename: 'LimitsRaised' },
    ])
    expect(await raise(channelId, { tokens: 99 })).toBe('CONFLICT')
    expect(await raise(ids.channelId(), { tokens: 99 })).toBe('NOT_FOUND')
    expect(await raise(channelId, {})).toBe('BAD_USER_INPUT')
    expect(await raise(channelId, { cost: 0 })).toBe('BAD_USER_INPUT')
  })

  test('END completes with COST; a model without a price has no cost, and takes no limit on it', async () => {
    await start([cut('One'), cut(' two')])
    const { channelId } = await dispatch({ cost: 0.1 })
    expect(await until(channelId, 'COMPLETED')).toMatchObject({ result: { text: 'One two', finishReason: 'COST' } })
    await service.close()
    await start([{ lines: ['Hi'] }], {})
    const { error } = await dispatch({ cost: 0.1 })
    expect(error?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'limits', 'cost'] }],
    })
    const free = await dispatch({})
    expect(await until(free.channelId, 'COMPLETED')).toMatchObject({ usage: { totalTokens: 15, cost: null } })
  })
})
