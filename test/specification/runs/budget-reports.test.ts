import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { ids } from '../../support/run/runs.ts'
import {
  createScriptedModel,
  type ScriptedCall,
  type ScriptedModel,
  scriptedProvider,
} from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { graphql } from '../../support/watching/watchers.ts'

/** What users of other systems report of budgets and pauses. Each call of the model uses 15 tokens. */
const cut = (text: string): ScriptedCall => ({ lines: [text], finish: 'length' })

interface Seen {
  readonly status: string
  readonly reachedLimit: { readonly kind: string; readonly used: number; readonly allowed: number } | null
  readonly messages: readonly { readonly type: string; readonly text: string }[]
  readonly pendingCalls: readonly { readonly id: string }[]
  readonly usage: { readonly totalTokens: number }
  readonly error: { readonly code: string } | null
}

const fields =
  'status reachedLimit { kind used allowed } messages { type text } pendingCalls { id } usage { totalTokens } error { code }'

describe.each(engines)('what is reported of budgets elsewhere, on %s', (_name, _open, startPlace) => {
  let place: EnginePlace
  let service: Service
  let model: ScriptedModel
  beforeAll(async () => {
    place = await startPlace()
  })

  const start = async (script: readonly ScriptedCall[], env: Record<string, string> = {}) => {
    model = createScriptedModel(script)
    service = await startService({
      model: 'scripted',
      providers: [scriptedProvider(model)],
      env: { ...place.env, ...env },
    })
  }
  const ask = async <Data>(query: string, variables: object) => {
    const { data, errors } = await graphql<Data>(service, query, variables)
    return { data, code: errors?.[0]?.extensions?.['code'] ?? null }
  }
  const dispatch = async (input: object = {}) => {
    const channelId = ids.channelId()
    const mutation =
      'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
    const messages = [{ type: 'USER', text: 'Hello' }]
    const { code } = await ask(mutation, { input: { channelId, messages, ...input } })
    return { channelId, code }
  }
  const raise = (channelId: string, limits: object) =>
    ask('mutation ($input: RaiseDispatchLimitsInput!) { raiseDispatchLimits(input: $input) { dispatch { status } } }', {
      input: { channelId, limits },
    })
  const look = async (channelId: string) => {
    const query = `query ($id: ID!) { dispatch(channelId: $id) { ${fields} } }`
    return (await ask<{ dispatch: Seen }>(query, { id: channelId })).data.dispatch
  }
  const until = (channelId: string, isSo: (seen: Seen) => boolean) =>
    vi.waitFor(
      async () => {
        const seen = await look(channelId)
        expect(isSo(seen), JSON.stringify(seen)).toBe(true)
        return seen
      },
      { timeout: 30_000 },
    )
  const isPaused = ({ reachedLimit }: Seen) => reachedLimit !== null
  const hasEnded = ({ status }: Seen) => /COMPLETED|FAILED/.test(status)

  // QuintinShaw/pi-dynamic-workflows #146, hackerai-tech/hackerai #749
  test('what was paid for is not paid again when the limit is raised; what was said can be read meanwhile', async () => {
    await start([cut('One'), cut(' two'), { lines: [' three.'] }])
    const { channelId } = await dispatch({ limits: { tokens: 30, whenReached: 'PAUSE' } })
    const paused = await until(channelId, isPaused)
    // pydantic/pydantic-ai #931, #1083
    expect(paused.messages.filter(({ type }) => type === 'BOT').map(({ text }) => text)).toEqual(['One', ' two'])
    await raise(channelId, { tokens: 31 })
    expect((await until(channelId, hasEnded)).usage.totalTokens).toBe(45)
    expect(model.calls).toHaveLength(3)
  })

  // chaitanyagiri/munder-difflin #288
  test('a run at its limit spends nothing, and says that it waits', async () => {
    await start([cut('One'), cut(' two')])
    const { channelId } = await dispatch({ limits: { tokens: 15, whenReached: 'PAUSE' } })
    await until(channelId, isPaused)
    await raise(channelId, { tokens: 14 })
    await raise(channelId, { tokens: 15 })
    expect(await look(channelId)).toMatchObject({
      ...{ status: 'WAITING', usage: { totalTokens: 15 } },
      reachedLimit: { kind: 'TOKENS', used: 15, allowed: 15 },
    })
    expect(model.calls).toHaveLength(1)
  })

  // SocialGouv/iterion #560: at the limit, what had been begun beside it was thrown away.
  test('calls that are under way when the limit is reached get their answers, and these are kept through the pause', async () => {
    await start([{ lines: [{ call: 'ask' }, { call: 'ask' }] }, { lines: ['Done.'] }])
    const functions = [{ name: 'ask', description: 'Asks.', parameters: { type: 'object' }, result: { await: true } }]
    const { channelId } = await dispatch({ functions, limits: { iterations: 1, whenReached: 'PAUSE' } })
    const { pendingCalls } = await until(channelId, (seen) => seen.pendingCalls.length === 2)
    for (const { id } of pendingCalls) {
      const mutation =
        'mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { status } } }'
      expect((await ask(mutation, { input: { channelId, callId: id, data: { of: id } } })).code).toBe(null)
    }
    expect((await until(channelId, isPaused)).reachedLimit?.kind).toBe('ITERATIONS')
    await raise(channelId, { iterations: 2 })
    await until(channelId, hasEnded)
    const told = model.calls[1]?.prompt.flatMap((message) => (message.role === 'tool' ? [message.result] : []))
    expect(told).toEqual(pendingCalls.map(({ id }) => ({ of: id })))
  })

  // BerriAI/litellm #34732: as many requests as one likes pass while none of them is counted.
  test('dispatches at one moment go beyond the day by no more than their calls in flight; the next one is refused', async () => {
    await start([cut('On and on. ')], { TOKENS_PER_DAY: '20' })
    const dispatched = await Promise.all(Array.from({ length: 6 }, () => dispatch()))
    const ends = await Promise.all(
      dispatched.flatMap(({ channelId, code }) => (code === null ? [until(channelId, hasEnded)] : [])),
    )
    expect(ends.map(({ error }) => error?.code)).toEqual(ends.map(() => 'LIMIT_EXCEEDED'))
    // Two of them use up the day; the others had begun a call, each, when that was counted.
    expect(model.calls.length).toBeLessThanOrEqual(ends.length + 1)
    expect((await dispatch()).code).toBe('LIMIT_EXCEEDED')
  })
})
