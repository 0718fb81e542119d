import { z } from 'zod'
import type { CreateBody } from './create-body.ts'

/** What of a request a response says again: in OpenAI's words, as far as it was given. */
const echo = z.object({
  instructions: z.string().optional(),
  previous_response_id: z.string().optional(),
  tools: z.array(z.unknown()).optional(),
  tool_choice: z.unknown().optional(),
  max_tool_calls: z.number().optional(),
  text: z.unknown().optional(),
})

export type Echo = z.output<typeof echo>

/** Each response object holds it, so that a stream has it several times. Characters as JSON. */
const mostEchoed = 64_000

/** Null: there is nothing to say again, or too much. */
export function echoOf(body: CreateBody): Echo | null {
  const { instructions, previous_response_id, max_tool_calls, tool_choice } = body
  const tools = body.tools?.map((tool) => ({
    ...tool,
    strict: tool.strict ?? null,
    parameters: tool.parameters ?? null,
  }))
  const format = body.text?.format
  const given: Echo = {
    ...(instructions !== null && { instructions }),
    ...(previous_response_id !== null && { previous_response_id }),
    ...(tools !== undefined && tools.length > 0 && { tools }),
    ...(tool_choice != null && { tool_choice }),
    ...(max_tool_calls !== null && { max_tool_calls }),
    ...(format?.type === 'json_schema' && { text: { format } }),
  }
  const length = JSON.stringify(given).length
  return length <= 2 || length > mostEchoed ? null : given
}

/** As the log has it. */
export function readEcho(value: unknown): Echo {
  return echo.safeParse(value).data ?? {}
}
