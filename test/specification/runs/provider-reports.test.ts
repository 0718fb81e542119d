import { describe, expect, test } from 'vitest'
import type { Reply } from '../../models/reports/recorded.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startReplayingServer } from '../../support/run/replaying-server.ts'
import { startService } from '../../support/service/start-service.ts'
import { collect, dispatch, graphql, textsByDeltas, watchWebsocket } from '../../support/watching/watchers.ts'

// What users of systems like this one met with their providers, on the whole service. How each stream is read, event by
// event, stands in test/models/reports.

const paris = 'The capital of France is Paris.'

const usageQuery = `query ($id: ID!) {
  dispatch(channelId: $id) { usage { inputTokens outputTokens totalTokens discardedTokens iterations } }
}`

/** A run whose provider answers with these files, one a call. */
async function run(model: string, ...script: readonly (string | Reply)[]) {
  const providers = opened(await startReplayingServer(script))
  const service = await startService({ env: providers.env })
  const channelId = await dispatch(service, { model })
  const events = await collect(watchWebsocket(service, { channelId }))
  const { data } = await graphql<{ dispatch: { usage: object } }>(service, usageQuery, { id: channelId })
  const discarded = events.filter(({ __typename }) => __typename === 'MessageDiscarded').length
  const { error, result } = events.at(-1) ?? {}
  const texts = [...textsByDeltas(events).values()]
  return { error, text: result?.text, texts, usage: data.dispatch.usage, discarded, asked: providers.asked }
}

const once = { inputTokens: 12, outputTokens: 7, totalTokens: 19, discardedTokens: 0, iterations: 1 }
const twice = { inputTokens: 24, outputTokens: 14, totalTokens: 38, discardedTokens: 19, iterations: 1 }

const tooLarge =
  '{"error":{"message":"Request too large for m on tokens per min (TPM): Limit 30000, Requested 61337.","type":"tokens","code":"rate_limit_exceeded"}}'
const toolUseFailed: Reply = {
  status: 400,
  body: '{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed"}}',
}

describe.each(['compatible:m', 'openai-chat:m'])('%s', (model) => {
  test('half an answer that ends for want of resources is taken back, said again, and counted apart', async () => {
    const told = await run(model, 'chat/deepseek-out-of-resources.sse', 'chat/openai-good.sse')
    expect(told).toMatchObject({ text: paris, texts: [paris], usage: twice, discarded: 1, asked: 2 })
  })

  test('half a call that ends so is no mistake of the model’s', async () => {
    const told = await run(model, 'chat/deepseek-out-of-resources-in-a-call.sse', 'chat/openai-good.sse')
    expect(told).toMatchObject({ text: paris, texts: [paris], usage: twice, discarded: 0, asked: 2 })
  })

  test('a refusal inside a 200 is asked once, and told with the provider’s words', async () => {
    const message = 'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000'
    const told = await run(model, 'chat/together-validation.sse')
    expect(told).toMatchObject({ error: { code: 'MODEL_REJECTED', message }, asked: 1 })
  })

  test.each([
    [429, tooLarge, 'MODEL_REJECTED'],
    [429, '{"error":{"code":"1113","message":"Insufficient balance. Please recharge."}}', 'MODEL_UNAVAILABLE'],
    [400, '{"error":{"message":"Your credit balance is too low."}}', 'MODEL_UNAVAILABLE'],
  ])(
    'what waiting never mends is asked once, although its status says otherwise: %i %s',
    async (status, body, code) => {
      expect(await run(model, { status, body })).toMatchObject({ error: { code }, asked: 1 })
    },
  )

  test('one bad sample of Groq’s is asked for again', async () => {
    const told = await run(model, toolUseFailed, toolUseFailed, 'chat/openai-good.sse')
    expect(told).toMatchObject({ text: paris, usage: once, asked: 3 })
  })

  test.each(['null-chunk', 'usage-without-choices', 'keep-alive-chunks'])(
    '%s: a whole answer is bought once',
    async (file) => {
      expect(await run(model, `chat/${file}.sse`)).toMatchObject({ text: paris, usage: once, discarded: 0, asked: 1 })
    },
  )

  test.each([
    ['done-without-a-reason.sse', "The provider's stream ended after 4 events, without saying why."],
    ['an-end-nobody-knows.sse', /with the reason "moon_phase", which is no end\.$/],
    ['deepseek-out-of-resources.sse', /with the reason "insufficient_system_resource", which is no end\.$/],
  ])('%s: what comes back a third time ends the run, with what was sent and what it cost', async (file, words) => {
    const told = await run(model, `chat/${file}`)
    const message = typeof words === 'string' ? words : expect.stringMatching(words)
    expect(told).toMatchObject({ error: { code: 'MODEL_UNAVAILABLE', message }, asked: 3, discarded: 3 })
    expect(told.usage).toMatchObject({ totalTokens: 57, discardedTokens: 57, iterations: 0 })
  })

  test('a page where an answer should be is told as it came', async () => {
    const { error, asked } = await run(model, 'chat/html-page.html')
    expect(error).toMatchObject({ code: 'MODEL_UNAVAILABLE', message: expect.stringContaining('the hotel network') })
    expect(asked).toBe(3)
  })
})

test.each(['unknown-event', 'unknown-delta', 'unknown-block'])(
  '%s of Anthropic’s: a whole answer is bought once',
  async (file) => {
    expect(await run('anthropic:m', `anthropic/${file}.sse`)).toMatchObject({ text: paris, usage: once, asked: 1 })
  },
)

test.each([
  ['anthropic:m', 'anthropic/refusal-with-explanation.sse', 'This request was declined: it asks for malware.'],
  ['openai:m', 'responses/refusal.sse', "I'm sorry, I can't help with that."],
  ['openai-chat:m', 'chat/openai-refusal.sse', "I'm sorry, I can't help with that."],
  ['compatible:m', 'chat/openai-refusal.sse', "I'm sorry, I can't help with that."],
])('a refusal of the model of %s ends the run with its words', async (model, file, message) => {
  expect(await run(model, file)).toMatchObject({ error: { code: 'MODEL_REJECTED', message }, usage: once, asked: 1 })
})
