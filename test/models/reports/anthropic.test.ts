import { expect, test } from 'vitest'
import { recorded } from './recorded.ts'
import { answers, calls, fails, isHopeless, passes, type Reading, refuses, replay, throttles } from './replay.ts'

/** What Anthropic and servers like it send: a file below `streams/anthropic`, and how it is read. A new report is a new line. */
const reports: readonly (readonly [file: string, reading: Reading])[] = [
  ['good.sse', answers()],
  // Additions
  ['unknown-event.sse', answers()],
  ['unknown-event-first.sse', answers()],
  ['unknown-delta.sse', answers()],
  ['unknown-block.sse', answers()],
  ['unknown-iteration-and-edits.sse', answers()],
  ['null-event.sse', answers()],
  ['whole-answer-as-json.json', answers()],
  ['null-deltas.sse', answers()],
  // Ends
  ['pause-turn.sse', answers('The capital of', { finish: 'length' })],
  ['context-window.sse', answers('The capital of', { finish: 'length' })],
  [
    'refusal-with-explanation.sse',
    answers('I', { finish: 'filtered', refusal: 'This request was declined: it asks for malware.' }),
  ],
  [
    'refusal-with-text.sse',
    answers('I cannot help with that.', {
      finish: 'filtered',
      refusal: 'The model refused. It had said: I cannot help with that.',
    }),
  ],
  ['refusal-without-words.sse', answers('', { finish: 'filtered' })],
  ['unknown-stop-reason.sse', fails(/"moon_phase", which is no end/, [12, 7])],
  ['unknown-stop-reason-in-a-call.sse', fails(/"insufficient_capacity", which is no end/, [12, 7])],
  ['no-stop-reason.sse', fails(/stream ended after 6 events, without saying why/, [12, 7])],
  ['cut-before-its-stop.sse', fails(/stream ended after 3 events/, [12, 1])],
  ['cut-in-a-call.sse', fails(/stream ended/, [12, 1])],
  // Errors inside a 200
  ['overloaded-in-mid-stream.sse', passes('Overloaded', [12, 1])],
  ['invalid-request-in-mid-stream.sse', refuses('messages.1: too long', [12, 1])],
  ['rate-limit-in-mid-stream.sse', throttles('Too many tokens.', [12, 1])],
  ['error-without-type-of-event.sse', passes('Internal server error', [12, 1])],
  ['error-as-a-json-body.json', refuses(/^prompt is too long/)],
  // Forms
  ['no-message-stop.sse', answers()],
  ['no-message-start.sse', answers(undefined, { tokens: [0, 7] })],
  ['two-message-starts.sse', answers()],
  ['no-block-start.sse', answers()],
  ['text-in-the-block-start.sse', answers()],
  ['usage-without-output-tokens.sse', answers(undefined, { tokens: [12, 1] })],
  // Calls
  ['calls.sse', calls(['Oslo', 'Rome'], ['toolu_a', 'toolu_b'])],
  ['whole-calls-as-json.json', calls(['Oslo', 'Rome'], ['toolu_a', 'toolu_b'])],
  ['calls-with-empty-ids.sse', calls(['Oslo', 'Rome'])],
  // As clients of other services report them
  ['input-tokens-zero-at-the-end.sse', answers()],
  ['input-tokens-at-the-end-alone.sse', answers()],
  ['reason-of-chat-completions.sse', answers()],
  ['length-of-chat-completions.sse', answers(undefined, { finish: 'length' })],
  ['zai-network-error.sse', fails(/"network_error", which is no end/, [12, 7])],
  ['blocks-of-one-index-without-ends.sse', calls(['Oslo', 'Rome'], ['toolu_a', 'toolu_b'])],
  ['input-at-the-start-and-in-deltas.sse', calls(['Oslo'], ['toolu_a'])],
  ['input-so-far-in-each-delta.sse', calls(['Oslo'], ['toolu_a'])],
  ['input-as-an-object.sse', calls(['Oslo'], ['toolu_a'])],
  ['calls-with-one-id.sse', calls(['Oslo', 'Rome'])],
  ['one-newline-between-events.sse', answers()],
  ['ping-without-json.sse', answers()],
  ['wrong-path.json', passes('404 NOT_FOUND')],
]

/** Answers with a status of their own. */
const refusals: readonly (readonly [status: number, body: string, reading: Reading])[] = [
  [400, error('invalid_request_error', 'prompt is too long'), refuses('prompt is too long')],
  [401, error('authentication_error', 'invalid x-api-key'), isHopeless('invalid x-api-key')],
  [402, error('billing_error', 'No credit.'), isHopeless('No credit.')],
  [403, error('permission_error', 'Not yours.'), isHopeless('Not yours.')],
  [404, error('not_found_error', 'model: claude-9'), isHopeless('model: claude-9')],
  [413, error('request_too_large', 'Too large.'), refuses('Too large.')],
  [429, error('rate_limit_error', 'Slow down.'), throttles('Slow down.')],
  [500, error('api_error', 'Oh.'), passes('Oh.')],
  [504, error('timeout_error', 'Too slow.'), passes('Too slow.')],
  [529, error('overloaded_error', 'Overloaded'), passes('Overloaded')],
  // As clients of other services report them
  [
    400,
    error('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    isHopeless(/credit/),
  ],
  [400, error('invalid_request_error', 'You have reached your specified API usage limits.'), isHopeless(/limits/)],
  [400, error('invalid_request_error', 'This organization has been disabled.'), isHopeless(/disabled/)],
  [429, error('1113', 'Insufficient balance or no resource package. Please recharge.'), isHopeless(/balance/)],
  [413, '<html><title>413 Request Entity Too Large</title></html>', refuses('The provider answered 413.')],
]

test.each(reports)('%s', async (file, reading) => reading(await replay('anthropic', recorded(`anthropic/${file}`))))

test.each(refusals)('%i %s', async (status, body, reading) => reading(await replay('anthropic', { status, body })))

test('of what a stream says behind an error, only the usage counts', async () => {
  const { body, ...reply } = recorded('anthropic/good.sse')
  const broken = body.replace('data: {"type":"ping"}', 'data: {"type":')
  const told = await replay('anthropic', { ...reply, body: broken })
  fails(/cannot be read, as event 3 of its answer: \{"type":$/, [12, 7])(told)
  expect(told.text).toBe('')
})

function error(type: string, message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message } })
}
