import { setTimeout } from 'node:timers/promises'
import { APIConnectionError, type OpenAI } from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'

const lastEvents = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/** All events of a response after a number, each once. A connection that breaks is replaced by one that goes on after the last event. */
export async function* follow(client: OpenAI, id: string, after = 0): AsyncGenerator<ResponseStreamEvent> {
  let last = after
  for (;;) {
    try {
      for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: last })) {
        last = event.sequence_number
        yield event
        if (lastEvents.has(event.type)) return
      }
    } catch (error) {
      if (!isCut(error)) throw error
    }
    await setTimeout(500)
  }
}

/** In the middle of a stream, the error is that of fetch. */
function isCut(error: unknown): boolean {
  return error instanceof APIConnectionError || (error instanceof TypeError && error.message === 'terminated')
}
