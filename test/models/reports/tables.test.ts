import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anthropicEnds, chatEnds, type EndRow, responsesEnds } from '../../../src/models/wire/ends.ts'
import { codeRows } from '../../../src/models/wire/error-codes.ts'
import { type ErrorReading, statusRows } from '../../../src/models/wire/error-rows.ts'
import { wordRows } from '../../../src/models/wire/error-word-rows.ts'
import { recorded } from './recorded.ts'
import { answers, fails, isHopeless, passes, type Reading, refuses, replay, throttles } from './replay.ts'

/** What the docs say of each row is what a provider does that meets it. */
function endReading({ says, read }: EndRow, refusal?: string): Reading {
  // These answers have words.
  if (read === 'passing' || read === 'again') return fails(new RegExp(`"${says}", which is no end`), [12, 7])
  return answers(undefined, { finish: read, ...(refusal !== undefined && { refusal }) })
}

const errorReadings: Record<ErrorReading, (words: string) => Reading> = {
  refused: refuses,
  hopeless: isHopeless,
  passing: passes,
  throttled: throttles,
}

function edited(file: string, from: string, to: string) {
  const { body, ...reply } = recorded(file)
  expect(body.split(from)).toHaveLength(2)
  return { ...reply, body: body.replace(from, to) }
}

describe.each(['openai-chat', 'compatible'] as const)('%s', (id) => {
  test.each(chatEnds)('the reason $says is read as $read', async (row) => {
    const reply = edited('chat/openai-good.sse', '"finish_reason":"stop"', `"finish_reason":"${row.says}"`)
    endReading(row)(await replay(id, reply))
  })

  test.each(chatEnds.filter(({ read }) => read === 'passing'))(
    '$says before a word may come back more often',
    async ({ says }) => {
      const body = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"${says}"}]}\n\n`
      passes(/which is no end/)(await replay(id, { status: 200, body, contentType: 'text/event-stream' }))
    },
  )

  test.each(codeRows)('the code $code inside a stream is read as $read', async ({ code, read }) => {
    const body = `data: {"error":{"message":"Words.","code":"${code}"}}\n\n`
    errorReadings[read]('Words.')(await replay(id, { status: 200, body, contentType: 'text/event-stream' }))
  })

  test.each(codeRows)('the type $code, of a status that says otherwise, is read as it should', async (row) => {
    const isFor429 = row.read !== 'throttled'
    const body = JSON.stringify({ error: { message: 'Words.', type: row.code } })
    const expected = row.beatsStatus ? row.read : isFor429 ? 'throttled' : 'refused'
    errorReadings[expected]('Words.')(await replay(id, { status: isFor429 ? 429 : 400, body }))
  })

  test.each(
    wordRows.flatMap((row) => [...row.says.matchAll(/`([^`]+)`/g)].map(([, words = '']) => ({ ...row, words }))),
  )('the words "$words" are read as $read', async ({ words, read, beatsStatus = false }) => {
    const body = JSON.stringify({ error: `Oh: ${words}.` })
    errorReadings[read](`Oh: ${words}.`)(await replay(id, { status: 200, body }))
    const isFor429 = read !== 'throttled'
    const expected = beatsStatus ? read : isFor429 ? 'throttled' : 'refused'
    errorReadings[expected](`Oh: ${words}.`)(await replay(id, { status: isFor429 ? 429 : 400, body }))
  })

  test.each(statusRows)('the status $status is read as $read', async ({ status, read }) => {
    errorReadings[read]('Words.')(await replay(id, { status, body: '{"error":{"message":"Words."}}' }))
  })
})

test.each(anthropicEnds)('the reason $says of Anthropic’s is read as $read', async (row) => {
  const reply = edited('anthropic/good.sse', '"stop_reason":"end_turn"', `"stop_reason":"${row.says}"`)
  const refusal = row.says === 'refusal' ? 'The model refused. It had said: The capital of France is Paris.' : undefined
  endReading(row, refusal)(await replay('anthropic', reply))
})

test.each(responsesEnds)('the reason $says of OpenAI’s responses is read as $read', async (row) => {
  const isWhole = row.says === 'completed'
  const details = `"incomplete_details":{"reason":"${row.says}"},"usage":`
  const reply = isWhole ? recorded('responses/good.sse') : edited('responses/good.sse', '"usage":', details)
  endReading(row)(await replay('openai', reply))
})

test.each(['chat', 'anthropic', 'responses'])('each stream of %s has its line', (format) => {
  const lines = readFileSync(join(import.meta.dirname, `${format}.test.ts`), 'utf8')
  const files = readdirSync(join(import.meta.dirname, '../streams', format))
  expect(files.length).toBeGreaterThan(15)
  expect(files.filter((file) => !lines.includes(file))).toEqual([])
})
