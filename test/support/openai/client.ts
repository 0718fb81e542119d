import OpenAI, { APIError } from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { expect, vi } from 'vitest'

export interface CountedClient {
  readonly client: OpenAI
  /** How many requests it has sent. */
  readonly requests: () => number
}

/** The stock client, as it comes: it sends what it thinks may help again, twice. */
export function openClient(url: string, apiKey = 'a-key', send: typeof fetch = fetch): CountedClient {
  let requests = 0
  const client = new OpenAI({
    apiKey,
    baseURL: `${url}/openai/v1`,
    fetch: (...given) => {
      requests += 1
      return send(...given)
    },
  })
  return { client, requests: () => requests }
}

/** The error that the client throws. */
export async function refused(work: PromiseLike<unknown>): Promise<APIError> {
  try {
    await work
  } catch (error) {
    if (error instanceof APIError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

/** Asks in the background, as OpenAI's guide has it, until the response has ended. */
export function polled(client: OpenAI, id: string) {
  return vi.waitFor(
    async () => {
      const response = await client.responses.retrieve(id)
      expect(['queued', 'in_progress']).not.toContain(response.status)
      return response
    },
    { timeout: 20_000, interval: 20 },
  )
}

/** The texts of the items that were not taken back, by the deltas of a stream. */
export function textsOf(events: readonly ResponseStreamEvent[]): readonly string[] {
  const texts = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'response.output_text.delta') {
      texts.set(event.item_id, (texts.get(event.item_id) ?? '') + event.delta)
    }
    if (event.type !== 'response.output_item.done' || event.item.type !== 'message') continue
    if (event.item.status === 'incomplete') texts.delete(event.item.id)
  }
  return [...texts.values()]
}

export async function listOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
