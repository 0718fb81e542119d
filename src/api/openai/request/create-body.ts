import { z } from 'zod'
import { type InputItem, inputItem } from './input-item.ts'
import { hint, only, onlyEmpty, optional, textOr } from './parameter.ts'
import { text } from './text.ts'
import { toolChoice, tools } from './tool.ts'

/** As many as OpenAI takes, in the sizes that it takes. */
const metadata = z
  .record(z.string().max(64, 'takes at most 64 characters'), z.string().max(512, 'takes at most 512 characters'))
  .refine((pairs) => Object.keys(pairs).length <= 16, 'takes at most 16 pairs')

/**
 * The body of a request for a response. Of OpenAI's parameters it takes those that this server has, and the others with the value that means
 * what this server does anyway. It checks the form; the schema of the use case then checks the bounds.
 */
export const createBody = z.strictObject({
  model: optional(z.string()),
  input: optional(textOr(z.array(inputItem))),
  instructions: optional(z.string()),
  previous_response_id: optional(z.string()),
  conversation: optional(textOr(z.strictObject({ id: z.string() }).transform(({ id }) => id))),
  metadata: optional(metadata),
  stream: optional(z.boolean()),
  background: optional(z.boolean()),
  tools,
  tool_choice: toolChoice,
  max_tool_calls: optional(z.number()),
  max_output_tokens: optional(z.number()),
  temperature: optional(z.number()),
  top_p: optional(z.number()),
  presence_penalty: optional(z.number()),
  frequency_penalty: optional(z.number()),
  reasoning: z
    .strictObject({
      effort: optional(z.string()),
      summary: only('auto'),
      generate_summary: only('auto'),
    })
    .nullish(),
  text,
  parallel_tool_calls: only(true),
  store: only(true),
  truncation: only('disabled'),
  service_tier: only('auto', 'default'),
  top_logprobs: only(0),
  include: onlyEmpty,
  stream_options: z.strictObject({ include_obfuscation: only(false) }).nullish(),
  user: hint,
  safety_identifier: hint,
  prompt_cache_key: hint,
})

export type GivenBody = z.output<typeof createBody>

/** With the items in the place of their references. */
export type CreateBody = Omit<GivenBody, 'input'> & { readonly input: string | readonly InputItem[] | null }
