import { beforeAll, describe, expect, test } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { answersIn, declared, eventsOf, publish, stateOf, untilParked } from '../../support/function/function-runs.ts'
import {
  createScriptedModel,
  type Line,
  type ScriptedCall,
  scriptedProvider,
} from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import { dispatch } from '../../support/watching/watchers.ts'

const known = declared('known', { result: { data: 1 } })
const says = (...lines: readonly Line[]): ScriptedCall => ({ lines })
const asks = (...numbers: readonly number[]) => says(...numbers.map((n) => ({ call: 'known', arguments: { n } })))

describe.each(engines)('on %s', (_name, _open, startPlace) => {
  let place: EnginePlace
  beforeAll(async () => {
    place = await startPlace()
  })

  /** One run of a model that does as the script says; its ending and what it was. */
  const play = async (script: readonly ScriptedCall[], input: object, env: Record<string, string> = {}) => {
    const model = createScriptedModel(script)
    const options = { model: 'scripted', providers: [scriptedProvider(model)], env: { ...place.env, ...env } }
    const service = await startService(options)
    const channelId = await dispatch(service, { functions: [known], ...input })
    const events = await eventsOf(service, channelId)
    const { result, usage } = await stateOf(service, channelId)
    return { model, answers: answersIn(events), reason: result?.finishReason, text: result?.text, usage, events }
  }

  test('a repeated call ends as LOOP after its third answer', async () => {
    const { reason, answers, usage } = await play([asks(1)], {})
    expect(reason).toBe('LOOP')
    expect(answers).toHaveLength(3)
    expect(usage).toEqual({ iterations: 3, calls: 3 })
  })

  test('two alternating calls also end as LOOP', async () => {
    const { reason, usage } = await play(
      [1, 2, 1, 2, 1, 2, 1, 2].map((n) => asks(n)),
      {},
    )
    expect(reason).toBe('LOOP')
    expect(usage).toEqual({ iterations: 6, calls: 6 })
  })

  test('the same function with other arguments is not a loop', async () => {
    const { reason, usage } = await play([...[1, 2, 3, 4, 5, 6].map((n) => asks(n)), says('Done.')], {})
    expect(reason).toBe('STOP')
    expect(usage).toEqual({ iterations: 7, calls: 6 })
  })

  test.each([
    ['of the dispatch', { limits: { iterations: 2 } }, {}],
    ['of the configuration', {}, { DEFAULT_ITERATIONS: '2' }],
    ['of the dispatch rather than of the configuration', { limits: { iterations: 2 } }, { DEFAULT_ITERATIONS: '1' }],
  ])(
    'the iterations %s bound the model calls; the calls of the last one are carried out',
    async (_whose, input, env) => {
      const { reason, answers, usage } = await play([asks(1), asks(2), asks(3)], input, env)
      expect(reason).toBe('ITERATION')
      expect(answers).toEqual([
        ['known', 1],
        ['known', 1],
      ])
      expect(usage).toEqual({ iterations: 2, calls: 2 })
    },
  )

  test.each([
    ['of the dispatch', { limits: { calls: 3 } }, {}],
    ['of the configuration', {}, { DEFAULT_CALLS: '3' }],
  ])(
    'the calls %s bound what is carried out; what is beyond fails, and the run ends as CALLS',
    async (_whose, input, env) => {
      const { reason, answers, usage } = await play([asks(1, 2), asks(3, 4), asks(5)], input, env)
      expect(reason).toBe('CALLS')
      expect(answers.toSorted()).toEqual([
        ['known', 1],
        ['known', 1],
        ['known', 1],
        ['known', 'LIMIT_EXCEEDED'],
      ])
      expect(usage).toEqual({ iterations: 2, calls: 4 })
    },
  )

  test('with no calls allowed, the first call fails and ends the run', async () => {
    const { reason, answers } = await play([asks(1), says('Done.')], { limits: { calls: 0 } })
    expect([reason, answers]).toEqual(['CALLS', [['known', 'LIMIT_EXCEEDED']]])
  })

  test.each([
    ['of the dispatch', { limits: { continuations: 1 } }, {}],
    ['of the configuration', {}, { DEFAULT_CONTINUATIONS: '1' }],
  ])('the continuations %s bound how often a cut answer goes on; its pieces are joined', async (_whose, input, env) => {
    const cut = (text: string): ScriptedCall => ({ lines: [text], finish: 'length' })
    const { reason, text } = await play([cut('One, '), cut('two, '), cut('three.')], input, env)
    expect([reason, text]).toEqual(['LENGTH', 'One, two, '])
  })

  const start = (name: string) => declared(name, { call: { start: true }, result: { data: name } })
  const end = (name: string) => declared(name, { call: { end: true }, result: { data: name } })
  const functions = [end('last'), start('first'), known, start('second')]

  test('functions are forced at the start, in order, one per round; then the model is free; then those at the end follow', async () => {
    const script = [
      says({ call: 'first' }),
      says({ call: 'second' }),
      asks(1),
      says('Well.'),
      says({ call: 'last' }),
      says('Done.'),
    ]
    const { model, reason, answers, text } = await play(script, { functions })
    expect(model.calls.map(({ forced }) => forced)).toEqual(['first', 'second', null, null, 'last', null])
    expect(answers.map(([name]) => name)).toEqual(['first', 'second', 'known', 'last'])
    expect([reason, text]).toEqual(['STOP', 'Done.'])
  })

  test('a model that ignores the force does not block the run', async () => {
    const { model, reason, answers } = await play([says('I would rather not.')], { functions })
    expect(model.calls.map(({ forced }) => forced)).toEqual(['first', 'second', 'last'])
    expect([reason, answers]).toEqual(['STOP', []])
  })

  test('a function is forced at the start and at the end', async () => {
    const both = declared('both', { call: { start: true, end: true }, result: { data: 1 } })
    const script = [says({ call: 'both' }), says('Well.'), says({ call: 'both' }), says('Done.')]
    const { model, reason } = await play(script, { functions: [both] })
    expect(model.calls.map(({ forced }) => forced)).toEqual(['both', null, 'both', null])
    expect(reason).toBe('STOP')
  })

  test('a forced call with an external answer parks the run like any other', async () => {
    const model = createScriptedModel([says({ call: 'ask' }), says('Done.')])
    const service = await startService({ model: 'scripted', providers: [scriptedProvider(model)], env: place.env })
    const ask = declared('ask', { call: { start: true }, result: { channel: 'answers-to-a-forced-call' } })
    const channelId = await dispatch(service, { functions: [ask] })
    await untilParked(service, channelId)
    await publish(service, 'answers-to-a-forced-call', { result: 2 })
    expect(answersIn(await eventsOf(service, channelId))).toEqual([['ask', 2]])
    expect(model.calls.map(({ forced }) => forced)).toEqual(['ask', null])
  })
})
