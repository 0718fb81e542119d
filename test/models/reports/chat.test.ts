import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { recorded } from './recorded.ts'
import { answers, calls, fails, isHopeless, passes, type Reading, refuses, replay, throttles } from './replay.ts'

/** What servers of chat completions send: a file below `streams/chat`, and how it is read. A new report is a new line. */
const reports: readonly (readonly [file: string, reading: Reading])[] = [
  ['openai-good.sse', answers()],
  // Ends that are none
  ['deepseek-out-of-resources.sse', fails(/"insufficient_system_resource", which is no end/, [12, 7])],
  ['deepseek-out-of-resources-in-a-call.sse', fails(/"insufficient_system_resource", which is no end/, [12, 7])],
  ['openrouter-error-end.sse', fails(/"error", which is no end/, [12, 7])],
  ['openrouter-error-with-words.sse', passes('Provider disconnected unexpectedly')],
  ['openrouter-error-in-the-choice.sse', throttles('Rate limited upstream')],
  ['mistral-error-end.sse', fails(/"error", which is no end/, [12, 7])],
  ['zai-network-error.sse', fails(/"network_error", which is no end/)],
  ['vllm-abort.sse', fails(/"abort", which is no end/, [12, 7])],
  ['an-end-nobody-knows.sse', fails(/"moon_phase", which is no end/, [12, 7])],
  ['gemini-malformed-call.sse', fails(/MALFORMED_FUNCTION_CALL", which is no end/, [12, 7])],
  ['empty-reasons-then-cut.sse', fails(/stream ended after one event, without saying why/)],
  ['done-without-a-reason.sse', fails(/stream ended after 4 events, without saying why/, [12, 7])],
  ['cut-cleanly.sse', fails(/stream ended/)],
  ['cut-in-a-call.sse', fails(/stream ended/)],
  ['cut-inside-an-event.sse', fails(/stream ended/)],
  ['empty-body.sse', fails("The provider's stream ended before it began, without saying why.")],
  ['stop-in-every-chunk-then-cut.sse', fails(/stream ended after 2 events, without saying why/)],
  // Ends that are ends
  ['mistral-model-length.sse', answers('The capital of', { finish: 'length' })],
  ['zai-sensitive.sse', answers('The capital of', { finish: 'filtered', tokens: null })],
  ['gemini-stop-in-capitals.sse', answers()],
  ['gemini-safety.sse', answers('The capital of', { finish: 'filtered' })],
  ['azure-filtered.sse', answers('The capital of', { finish: 'filtered', tokens: null })],
  ['openai-refusal.sse', answers(...said("I'm sorry, I can't help with that."))],
  ['empty-reasons-then-stop.sse', answers(undefined, { tokens: null })],
  ['stop-in-every-chunk.sse', answers()],
  ['no-empty-line-at-the-end.sse', answers(undefined, { tokens: null })],
  ['carriage-returns.sse', answers()],
  // Errors inside a 200
  ['together-validation.sse', refuses(/^Input validation error: /)],
  ['sglang-bad-request.sse', refuses(/longer than the context length/)],
  ['vllm-flat-error.sse', refuses('Requested token count exceeds the context length.')],
  ['llama-cpp-error-field.sse', refuses(/exceeds the available context size/)],
  ['llama-cpp-error-data.sse', refuses(/exceeds the available context size/)],
  ['error-as-a-json-body.json', refuses('This model does not support tools.')],
  ['gemini-error-in-a-list.json', refuses('Function calling is not enabled for this model')],
  ['moonshot-high-risk.sse', refuses('The request was rejected because it was considered high risk')],
  ['tgi-overloaded.sse', passes('Model is overloaded')],
  ['vllm-timeout.sse', passes('TimeoutError')],
  ['bare-json-in-mid-stream.sse', passes('upstream went away')],
  ['error-event-with-words.sse', passes('Service tier capacity exceeded for this model.')],
  ['error-event-in-words.sse', fails('upstream connect error or disconnect/reset before headers')],
  ['cerebras-server-error.sse', passes('Encountered a server error, please try again.')],
  ['xai-error.sse', refuses('This model does not take images.')],
  ['ollama-error.sse', passes('an error was encountered while running the model')],
  ['lm-studio-error-string.sse', fails('The model has crashed without additional information.')],
  ['moonshot-overloaded.sse', passes(/engine is currently overloaded/)],
  ['groq-tool-use-failed-in-the-stream.sse', passes(/^Failed to call a function/)],
  ['rate-limit-in-mid-stream.sse', throttles('Rate limit reached')],
  ['quota-in-the-stream.sse', isHopeless('You exceeded your current quota.')],
  ['minimax-base-resp.sse', isHopeless(/login fail/)],
  ['an-error-that-says-nothing.sse', fails('Something went wrong.')],
  ['html-page.html', fails(/cannot be read, as event 1 of its answer: <!doctype html>\n.*hotel network/s)],
  // Additions
  ['null-chunk.sse', answers()],
  ['usage-without-choices.sse', answers()],
  ['groq-usage-in-x-groq.sse', answers()],
  ['azure-filter-results.sse', answers()],
  ['minimax-choices-null.sse', answers()],
  ['openrouter-comments.sse', answers()],
  ['strange-roles-and-fields.sse', answers()],
  ['keep-alive-chunks.sse', answers()],
  ['whole-answer-as-an-event.sse', answers()],
  ['whole-answer-as-json.json', answers()],
  ['message-again-at-the-end.sse', answers()],
  // Calls
  ['gemini-calls-without-index.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['gemini-all-calls-index-0.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['call-deltas-without-index.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['calls-with-empty-ids.sse', calls(['Oslo', 'Rome'])],
  ['calls-with-one-id.sse', calls(['Oslo', 'Rome'])],
  ['ollama-arguments-as-an-object.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['call-type-null-and-name-late.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['call-name-in-every-delta.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['legacy-function-call.sse', calls(['Oslo'])],
  ['gemini-index-0-without-ids.sse', calls(['Oslo', 'Rome'])],
  ['call-name-in-every-delta-and-no-marks.sse', calls(['Oslo', 'Rome'])],
  ['interleaved-calls.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['call-without-a-name.sse', fails(/a call without a name/)],
  // As clients of other services report them
  ['reason-null-in-words.sse', answers()],
  ['bedrock-guardrail.sse', answers('The capital of', { finish: 'filtered' })],
  ['one-newline-between-events.sse', answers()],
  ['a-newline-forgotten.sse', answers()],
  ['data-twice.sse', answers()],
  ['json-on-several-lines.sse', answers()],
  ['pings-without-json.sse', answers()],
  ['an-error-behind-an-event-cut-short.sse', passes('stream_read_error')],
  ['error-empty-in-each-event.sse', answers()],
  ['text-and-calls-in-two-choices.sse', calls(['Oslo'], ['call_a'])],
  ['the-only-choice-has-index-1.sse', answers()],
  ['xai-thinking-counted-beside.sse', answers(undefined, { tokens: [12, 96] })],
  ['gemini-total-alone-has-the-thinking.sse', answers(undefined, { tokens: [20, 603] })],
  ['usage-zero-at-the-end.sse', answers()],
  ['usage-in-texts-and-other-names.sse', answers()],
  ['zai-wrong-path.json', passes('404 NOT_FOUND')],
  ['cloudflare-errors.json', fails('No such model or task')],
  ['baidu-error.json', fails('the length of messages must be an odd number')],
  ['runpod-no-such-model.json', isHopeless('The model `x` does not exist.')],
  ['minimax-no-money.sse', isHopeless('insufficient balance')],
  ['minimax-rate-limit.sse', throttles('rate limit')],
  ['words-alone-too-long.sse', refuses(/maximum context length/)],
  ['words-alone-validation.sse', refuses(/^Input validation error/)],
  ['words-alone-rate-limit.sse', throttles(/^Rate limit exceeded/)],
  ['words-alone-overloaded.sse', passes(/^The server is overloaded/)],
  ['words-alone-quota.sse', isHopeless(/^You exceeded/)],
  ['argo-filter-in-words.sse', refuses(/^Error code: 400/)],
  ['status-in-words.sse', throttles(/^Error code: 429/)],
  ['lm-studio-context.sse', refuses(/greater than the context length/)],
  ['baidu-arguments-so-far-in-each-piece.sse', calls(['Oslo'], ['call_a'])],
  ['glm-arguments-once-more-at-the-end.sse', calls(['Oslo'], ['call_a'])],
  ['a-whole-call-twice.sse', calls(['Oslo'], ['call_a'])],
  ['empty-arguments-stand-for-those-to-come.sse', calls(['Oslo'], ['call_a'])],
  ['call-without-function-around-it.sse', calls(['Oslo'], ['call_a'])],
  ['one-call-is-no-list.sse', calls(['Oslo'], ['call_a'])],
]

describe.each(['openai-chat', 'compatible'] as const)('%s', (id) => {
  test.each(reports)('%s', async (file, reading) => reading(await replay(id, recorded(`chat/${file}`))))
})

test('Gemini’s signature of a call goes back with it', async () => {
  const told = await replay('compatible', recorded('chat/gemini-calls-without-index.sse'))
  expect(told.calls.map(({ metadata }) => metadata)).toEqual([{ compatible: { thoughtSignature: 'sig==' } }, undefined])
})

test('Mistral’s thinking is reasoning', async () => {
  const file = recorded('chat/mistral-thinking-parts.sse')
  answers(undefined, { reasoning: 'Easy.' })(await replay('compatible', file))
  answers()(await replay('openai-chat', file))
})

test.each([
  ['in an error', 'data: {"error":{"message":"Not your key: sk-of-this-test","code":400}}\n\n'],
  ['in what cannot be read', 'data: {"choices": sk-of-this-test\n\n'],
  ['in a reason', 'data: {"choices":[{"delta":{},"finish_reason":"sk-of-this-test"}]}\n\n'],
])('a key %s goes no further', async (_, body) => {
  const { fault } = await replay('compatible', { status: 200, body, contentType: 'text/event-stream' })
  expect(inspect(fault)).toContain('***')
  expect(inspect(fault)).not.toContain('sk-of-this-test')
})

test('with the setting end=done, a compatible server need not say why it stopped', async () => {
  const end = { end: 'done' }
  answers()(await replay('compatible', recorded('chat/done-without-a-reason.sse'), end))
  fails(/stream ended/)(await replay('compatible', recorded('chat/cut-cleanly.sse'), end))
  fails(/"abort", which is no end/, [12, 7])(await replay('compatible', recorded('chat/vllm-abort.sse'), end))
})

function said(refusal: string) {
  return [refusal, { finish: 'filtered', refusal }] as const
}
