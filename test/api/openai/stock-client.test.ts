import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { ResponseEvent } from '../../../src/api/openai/response/output.ts'
import { entriesOf, logs } from '../../support/openai/logs.ts'
import { accumulated, eventsOf } from '../../support/openai/replay.ts'

// What the stock client does, and the facade counts on. A new release in which one of these fails may allow for something better.

const events = (name: string) => eventsOf(entriesOf(logs[name] ?? []))
const answer = events('an answer')

describe('the helper of the stock client', () => {
  test.each(['response.cancelled', 'response.something_of_ours'])('rejects an event %s', async (type) => {
    const own: ResponseEvent = { type, sequence_number: 60 }
    await expect(accumulated([...answer.slice(0, 5), own, ...answer.slice(5)], null)).rejects.toThrow()
  })

  test('throws where a stream begins behind `response.created`', async () => {
    await expect(accumulated(answer.slice(4), 49)).rejects.toThrow('response.created')
  })

  test('takes a clean end for success, whatever is missing: so there is none before the last event', async () => {
    const { final } = await accumulated(answer.slice(0, 6), null)
    expect(final).toMatchObject({ status: 'in_progress', output_text: 'The ' })
  })

  test('has a failed response as its result', async () => {
    expect((await accumulated(events('a failure'), null)).final).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: 'It is away.' },
    })
  })

  test('refuses a second item under one output index', async () => {
    const again = answer.find(({ type }) => type === 'response.output_item.added')
    const twice = { ...again, type: 'response.output_item.added', sequence_number: 97 }
    await expect(accumulated([...answer.slice(0, -1), twice], null)).rejects.toThrow('output index')
  })
})

/** The client, whose requests are all answered alike. */
function answeredWith(status: number) {
  const asked: string[] = []
  const headers = { 'content-type': 'application/json', 'retry-after-ms': '1' }
  const fetch = async (url: string | URL | Request) => {
    asked.push(new URL(String(url)).pathname)
    return new Response(JSON.stringify({ error: { message: 'no' } }), { status, headers })
  }
  return { asked, client: new OpenAI({ apiKey: 'key', baseURL: 'http://127.0.0.1/v1', fetch }) }
}

describe('the stock client', () => {
  test.each([409, 408, 429, 500, 503])('sends again what is answered with %i', async (status) => {
    const { client, asked } = answeredWith(status)
    await expect(client.responses.cancel('resp_1')).rejects.toThrow()
    expect(asked).toHaveLength(3)
  })

  test.each([400, 401, 403, 404, 410, 413, 422])('sends once what is answered with %i', async (status) => {
    const { client, asked } = answeredWith(status)
    await expect(client.responses.create({ input: 'Hi' })).rejects.toThrow()
    expect(asked).toHaveLength(1)
  })
})
