import { randomUUID } from 'node:crypto'
import type { OpenAI } from 'openai'
import type { ResponseStream } from 'openai/lib/responses/ResponseStream'
import type { Response, ResponseCreateParamsStreaming, ResponseInputItem } from 'openai/resources/responses/responses'

export interface Asking {
  readonly tools: ResponseCreateParamsStreaming['tools']
  readonly onText: (text: string) => void
  readonly call: (name: string, given: unknown) => Promise<unknown>
}

/** Asks, and carries out the functions that are called, until there is an answer. Returns the id of the last response. */
export async function ask(client: OpenAI, text: string, { tools = [], onText, call }: Asking): Promise<string> {
  let input: string | ResponseInputItem[] = text
  let previous: string | null = null
  for (;;) {
    // Without a key, a request whose answer is lost would begin another response when the client sends it again.
    const headers = { 'Idempotency-Key': randomUUID() }
    const stream: ResponseStream = client.responses.stream(
      { input, tools, previous_response_id: previous },
      { headers },
    )
    stream.on('response.output_text.delta', ({ delta }) => onText(delta))
    const response: Response = await stream.finalResponse()
    const calls = response.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
    if (calls.length === 0) return response.id
    previous = response.id
    input = await Promise.all(
      calls.map(async ({ call_id, name, arguments: given }) => {
        const output = JSON.stringify(await call(name, JSON.parse(given)))
        return { type: 'function_call_output', call_id, output } as const
      }),
    )
  }
}
