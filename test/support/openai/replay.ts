import OpenAI from 'openai'
import type { Response as OpenAiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { createResponseFold, type ResponseFold } from '../../../src/api/openai/response/fold.ts'
import { wireEvents } from '../../../src/api/openai/response/frames.ts'
import type { ResponseEvent } from '../../../src/api/openai/response/output.ts'
import { responseObjects } from '../../../src/api/openai/response/response-object.ts'
import type { LogEntry } from '../../../src/channel/channel.ts'
import { type ChannelId, localAccount } from '../../../src/kernel/ids.ts'

const channel = 'channel-0123456789' as ChannelId

export function openFold(): ResponseFold {
  const origin = {
    key: { account: localAccount, channel },
    model: 'demo',
    createdAt: 1_700_000_000_000,
    turn: null,
    meta: null,
  }
  return createResponseFold(channel, responseObjects(origin, true))
}

/** The events of a log, as clients are sent them. */
export function eventsOf(entries: readonly LogEntry[]): readonly ResponseEvent[] {
  const fold = openFold()
  return entries.flatMap(({ event, at }) => fold.accept(event, at)).flatMap((told) => [...wireEvents(told, 0)])
}

/** What the stock client makes of a stream, by its own helper, which goes on after `startingAfter` by itself. */
export async function accumulated(
  events: readonly ResponseEvent[],
  startingAfter: number | null,
): Promise<{ readonly seen: readonly ResponseStreamEvent[]; readonly final: OpenAiResponse }> {
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const client = new OpenAI({ apiKey: 'key', baseURL: 'http://127.0.0.1', fetch, maxRetries: 0 })
  const place = startingAfter === null ? {} : { starting_after: startingAfter }
  const stream = client.responses.stream({ response_id: `resp_${channel}`, ...place })
  const seen: ResponseStreamEvent[] = []
  for await (const event of stream) seen.push(event)
  return { seen, final: await stream.finalResponse() }
}
