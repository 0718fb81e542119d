import { expect, test } from 'vitest'
import { createCallReader } from '../../src/conversation/read-call.ts'
import { ModelFault } from '../../src/models/model.ts'
import { createFactHistory } from '../../src/worker/fact-history.ts'
import type { ModelFailure } from '../../src/worker/perform-model-call.ts'
import { defaultRetryPolicy } from '../../src/worker/retry.ts'
import { runConversation } from '../../src/worker/run-conversation.ts'
import { inlineChecks } from '../support/inline-helpers.ts'
import { queued, recorded, request, started } from '../support/run/facts.ts'
import { createRecordingWriter } from '../support/run/recording-writer.ts'
import { createScriptedModel, type ScriptedCall } from '../support/run/scripted-model.ts'

const passing = (options: { retryAfterMs?: number; isThrottled?: boolean; sameAs?: string } = {}) =>
  new ModelFault('unavailable', 'Come back later.', { isRetryable: true, ...options })
const usage = { inputTokens: 7, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 }

/** A whole run with a model that does as it is told. */
async function run(
  script: readonly ScriptedCall[],
  signal = new AbortController().signal,
  writer = createRecordingWriter(),
) {
  const model = createScriptedModel(script)
  const slept: number[] = []
  const failures: ModelFailure[] = []
  let minted = 0
  const messageId = () => `m${++minted}`
  await runConversation({
    request,
    history: createFactHistory(recorded(queued, started())),
    writer,
    signal,
    clock: () => 0,
    messageId,
    turn: () => undefined,
    modelWork: {
      request,
      model,
      turn: () => undefined,
      writer,
      messageId,
      callId: () => `c${++minted}`,
      readCalls: createCallReader({ functions: [], limit: 0, check: () => inlineChecks.begin('acme') }),
      file: async () => null,
      onFailure: (failure) => void failures.push(failure),
      calling: {
        retryPolicy: { ...defaultRetryPolicy, tries: 4, throttles: 6 },
        sleep: async (ms, sleeping) => {
          slept.push(ms)
          sleeping.throwIfAborted()
        },
        random: () => 0,
      },
    },
    functionWork: {
      functions: [],
      clock: () => 0,
      messageId,
      callAbility: () => Promise.reject(new Error('no ability')),
    },
    attachmentWork: {
      messageId,
      fetchAttachment: () => Promise.reject(new Error('no attachment')),
      enter: async () => () => {},
      keepFile: async () => {},
    },
    readNews: async () => [],
    usedUp: async () => null,
    park: () => Promise.reject(new Error('nothing to wait for')),
  })
  return { events: writer.events, ending: writer.events.at(-1), calls: model.calls, slept, failures }
}

test('each failed try is told: where, how often, and when the next one comes', async () => {
  const place = { host: 'api.example', status: 503, code: null }
  const fault = () => new ModelFault('unavailable', 'busy', { isRetryable: true, retryAfterMs: 7000, place })
  const { failures } = await run([
    { lines: [fault()] },
    { lines: [fault()] },
    { lines: [new ModelFault('rejected', 'No.')] },
  ])
  const nowhere = { host: null, status: null, code: null }
  expect(failures).toEqual([
    { model: 'scripted', attempt: 1, waitMs: 7000, place },
    { model: 'scripted', attempt: 2, waitMs: 7000, place },
    { model: 'scripted', attempt: 3, waitMs: null, place: nowhere },
  ])
})

test('a retryable fault is retried within the iteration: the half message is voided, and the next one has a new id', async () => {
  const { events, slept } = await run([{ lines: ['Hal', passing()] }, { lines: [passing()] }, { lines: ['Whole.'] }])
  expect(events).toMatchObject([
    { type: 'iteration-started', iteration: 1 },
    { type: 'text-delta', messageId: 'm1', text: 'Hal' },
    { type: 'message-discarded', messageId: 'm1' },
    { type: 'text-delta', messageId: 'm2', text: 'Whole.' },
    { type: 'message-completed', message: { id: 'm2', text: 'Whole.' } },
    { type: 'iteration-finished', iteration: 1 },
    { type: 'dispatch-completed', result: { text: 'Whole.' } },
  ])
  expect(slept).toEqual([500, 1000])
})

test('the usage of failed tries counts once, with the iteration', async () => {
  const { events } = await run([
    { lines: [{ type: 'usage', usage }, 'Hal', passing()] },
    { lines: ['One '], finish: 'length' },
    { lines: ['two.'] },
  ])
  const finished = events.filter((event) => event.type === 'iteration-finished')
  expect(finished.map(({ usage }) => [usage.inputTokens, usage.totalTokens, usage.iterations])).toEqual([
    [17, 23, 1],
    [10, 15, 1],
  ])
  expect(events.at(-1)).toMatchObject({
    usage: { inputTokens: 27, totalTokens: 38, discardedTokens: 8, iterations: 2 },
  })
})

test("gives up after the maximum of tries, with the provider's message and the usage", async () => {
  const { ending, calls } = await run([{ lines: [{ type: 'usage', usage }, passing()] }])
  expect(calls).toHaveLength(4)
  expect(ending).toMatchObject({
    type: 'dispatch-failed',
    error: { code: 'MODEL_UNAVAILABLE', message: 'Come back later.' },
    usage: { inputTokens: 28, iterations: 0 },
  })
})

test('the third identical fault ends the run at once, and reports what its answers cost', async () => {
  const same = { lines: [{ type: 'usage', usage } as const, 'Hal', passing({ sameAs: 'end moon_phase' })] }
  const { events, ending, calls, slept } = await run([same])
  expect(calls).toHaveLength(3)
  expect(slept).toEqual([500, 1000])
  expect(events.filter(({ type }) => type === 'message-discarded')).toHaveLength(3)
  expect(ending).toMatchObject({
    type: 'dispatch-failed',
    error: { code: 'MODEL_UNAVAILABLE', message: 'Come back later.' },
    usage: { inputTokens: 21, outputTokens: 3, totalTokens: 24, discardedTokens: 24, iterations: 0 },
  })
})

test('different or unidentified faults are not a repetition', async () => {
  const faults = [passing({ sameAs: 'a' }), passing({ sameAs: 'b' }), passing()].map((fault) => ({ lines: [fault] }))
  const { ending, calls } = await run([...faults, { lines: ['Hi'] }])
  expect(calls).toHaveLength(4)
  expect(ending).toMatchObject({ type: 'dispatch-completed', usage: { totalTokens: 15, discardedTokens: 0 } })
})

test('a refusal ends the run with the message of the model', async () => {
  const told = { type: 'finish', finish: 'filtered', usage, refusal: 'I will not help with that.' } as const
  const { ending } = await run([{ lines: ['I will not help with that.', told], finish: null }])
  expect(ending).toMatchObject({ error: { code: 'MODEL_REJECTED', message: 'I will not help with that.' } })
  const wordless = await run([{ lines: ['I'], finish: 'filtered' }])
  expect(wordless.ending).toMatchObject({
    error: { code: 'MODEL_REJECTED', message: "The provider's content filter stopped the model." },
  })
})

test('waits as long as the provider asks, and gives up if that is too long', async () => {
  const patient = await run([{ lines: [passing({ retryAfterMs: 7000 })] }, { lines: ['Hi'] }])
  expect(patient.slept).toEqual([7000])
  const { ending, calls } = await run([{ lines: [passing({ retryAfterMs: 3_600_000 })] }, { lines: ['Hi'] }])
  expect(calls).toHaveLength(1)
  expect(ending).toMatchObject({ error: { code: 'MODEL_UNAVAILABLE' } })
})

test('a throttled try does not count as failed, up to a limit', async () => {
  const throttled = { lines: [passing({ isThrottled: true })] }
  const patient = await run([...Array.from({ length: 5 }, () => throttled), { lines: ['Hi'] }])
  expect(patient.ending).toMatchObject({ type: 'dispatch-completed' })
  expect(patient.slept).toEqual([500, 1000, 2000, 4000, 8000])
  const { ending, calls } = await run([throttled])
  expect(calls).toHaveLength(6)
  expect(ending).toMatchObject({ error: { code: 'MODEL_UNAVAILABLE' } })
})

test.each([
  ['a hopeless fault', new ModelFault('unavailable', 'No such key.'), 'MODEL_UNAVAILABLE'],
  ['a rejected request', new ModelFault('rejected', 'Too rude.'), 'MODEL_REJECTED'],
])('%s is not tried again', async (_what, fault, code) => {
  const { ending, calls, slept } = await run([{ lines: ['Hal', fault] }, { lines: ['Hi'] }])
  expect(calls).toHaveLength(1)
  expect(slept).toEqual([])
  expect(ending).toMatchObject({ error: { code, message: fault.message } })
})

test('a run is released at once while it waits for the next try', async () => {
  const abort = new AbortController()
  const { events, calls } = await run(
    [{ lines: [passing()] }, { lines: ['never'] }].map((call, index) => {
      if (index === 0) queueMicrotask(() => abort.abort())
      return call
    }),
    abort.signal,
  )
  expect(calls.length).toBeLessThanOrEqual(1)
  expect(events.at(-1)?.type).toBe('iteration-started')
})

test('a turn is returned as its provider wants it: parts in order, with their metadata', async () => {
  const { calls } = await run([
    {
      lines: [
        { reasoning: 'Hm.' },
        { type: 'metadata', of: 'reasoning', metadata: { anthropic: { signature: 'sig' } } },
        'One ',
      ],
      finish: 'length',
    },
    { lines: ['two.'] },
  ])
  expect(calls[1]?.prompt.slice(1)).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'Hm.', metadata: { anthropic: { signature: 'sig' } } },
        { type: 'text', text: 'One ' },
      ],
    },
    { role: 'user', text: 'Continue exactly where you stopped, without repeating anything.' },
  ])
})

test('a run cancelled in mid-sentence keeps its text and counts its usage', async () => {
  const writer = createRecordingWriter()
  const cancelling = new Promise<void>(() => {})
  const running = run(
    [{ lines: ['One '], finish: 'length' }, { lines: [{ type: 'usage', usage }, 'tw\ud83d', cancelling] }],
    undefined,
    writer,
  )
  queueMicrotask(function later() {
    if (writer.deltas.length === 2) writer.cancel({ reason: 'enough' })
    else setImmediate(later)
  })
  const { events } = await running
  expect(events.slice(-4)).toMatchObject([
    { type: 'text-delta', messageId: 'm2', text: 'tw' },
    { type: 'text-delta', messageId: 'm2', position: 2, text: '\ud83d' },
    { type: 'message-completed', message: { id: 'm2', text: 'tw\ud83d' } },
    { type: 'dispatch-cancelled', reason: 'enough', usage: { inputTokens: 17, iterations: 1 } },
  ])
})
