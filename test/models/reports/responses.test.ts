import { test } from 'vitest'
import { recorded } from './recorded.ts'
import { answers, calls, fails, isHopeless, passes, type Reading, refuses, replay } from './replay.ts'

const sorry = "I'm sorry, I can't help with that."

/** What servers of OpenAI's responses send: a file below `streams/responses`, and how it is read. A new report is a new line. */
const reports: readonly (readonly [file: string, reading: Reading])[] = [
  ['good.sse', answers()],
  // Additions
  ['unknown-event.sse', answers()],
  ['unknown-item.sse', answers()],
  ['null-event.sse', answers()],
  ['strict-fields-missing.sse', answers()],
  ['text-told-at-the-end-alone.sse', answers()],
  ['whole-answer-as-json.json', answers()],
  ['whole-refusal-as-json.json', answers(sorry, { finish: 'filtered', refusal: sorry })],
  // Ends
  ['incomplete-at-the-token-limit.sse', answers('The capital of', { finish: 'length' })],
  ['refusal.sse', answers(sorry, { finish: 'filtered', refusal: sorry })],
  ['incomplete-for-a-reason-nobody-knows.sse', fails(/"moon_phase", which is no end/, [12, 7])],
  ['cancelled.sse', fails(/"cancelled", which is no end/, [12, 7])],
  ['cut-cleanly.sse', fails(/stream ended after 4 events/)],
  // Errors inside a 200
  ['failed-server-error.sse', passes('The model failed.', [12, 7])],
  ['failed-invalid-prompt.sse', refuses('Your prompt was flagged.')],
  ['flat-error.sse', refuses('Your input exceeds the context window of this model.')],
  ['nested-error.sse', isHopeless('You exceeded your current quota.')],
  ['error-without-sequence-number.sse', passes('Overloaded, try later.')],
  ['error-as-a-json-body.json', refuses('Unsupported parameter: temperature')],
  ['chat-completions-instead.sse', fails(/cannot be read, as event 1 of its answer: .*chat\.completion\.chunk/)],
  // Calls
  ['calls.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['calls-told-at-the-end-alone.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['whole-calls-as-json.json', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['calls-with-empty-ids.sse', calls(['Oslo', 'Rome'])],
  // As clients of other services report them
  ['completed-with-a-stale-status.sse', answers()],
  ['response-done.sse', answers()],
  ['text-in-the-items-end-alone.sse', answers()],
  ['text-in-text-done-alone.sse', answers()],
  ['text-in-the-whole-response-alone.sse', answers()],
  ['text-told-three-times.sse', answers()],
  ['refusal-in-the-items-end-alone.sse', answers(sorry, { finish: 'filtered', refusal: sorry })],
  ['call-without-its-items-end.sse', calls(['Oslo'], ['call_a'])],
  ['calls-without-output-index.sse', calls(['Oslo', 'Rome'], ['call_a', 'call_b'])],
  ['calls-with-one-id.sse', calls(['Oslo', 'Rome'])],
  ['vllm-reasoning-text.sse', answers(undefined, { reasoning: 'Easy.' })],
  ['keepalive-event.sse', answers()],
  ['one-newline-between-events.sse', answers()],
  ['request-too-large.sse', refuses(/^Request too large/)],
  ['stream-read-error.sse', fails('stream_read_error')],
]

test.each(reports)('%s', async (file, reading) => reading(await replay('openai', recorded(`responses/${file}`))))
