import { z } from 'zod'
import { textOr } from './parameter.ts'

const id = z.string().nullish()
const status = z.string().nullish()
const text = z.string()

const inputText = z.strictObject({ type: z.literal('input_text'), text })
const outputText = z.strictObject({
  type: z.literal('output_text'),
  text,
  annotations: z.array(z.unknown()).nullish(),
  logprobs: z.array(z.unknown()).nullish(),
  // What the client's own helper adds.
  parsed: z.unknown().optional(),
})
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: text })

const url = z
  .string()
  .regex(/^https?:\/\//i, 'takes an http:// or https:// URL; files by their content are not supported here')
const detail = z.literal('auto', 'takes nothing but "auto" here').nullish()
const inputImage = z.strictObject({ type: z.literal('input_image'), image_url: url, detail })
const inputFile = z.strictObject({
  type: z.literal('input_file'),
  file_url: url,
  filename: z.string().nullish(),
  detail,
})

export type TextContent = z.output<typeof inputText | typeof outputText | typeof refusal>
export type FileContent = z.output<typeof inputImage | typeof inputFile>

const content = textOr(z.array(z.discriminatedUnion('type', [inputText, outputText, refusal, inputImage, inputFile])))

const message = z.strictObject({
  type: z.literal('message').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content,
  id,
  status,
  phase: z.string().nullish(),
})

const call = { id, status, name: z.string(), arguments: z.string() }

const functionCall = z.strictObject({
  ...call,
  type: z.literal('function_call'),
  call_id: z.string(),
  parsed_arguments: z.unknown().optional(),
})

const functionCallOutput = z.strictObject({
  id,
  status,
  type: z.literal('function_call_output'),
  call_id: z.string(),
  output: textOr(z.array(inputText)),
})

/** Of an earlier answer of ours, which a client sends back. */
const serverCall = z.strictObject({
  ...call,
  type: z.literal('mcp_call'),
  server_label: z.literal('backchannel'),
  output: z.string().nullish(),
  error: z.unknown().optional(),
  approval_request_id: z.null().optional(),
})

/** Sent back by a client that keeps the history itself. The answer of ours that it comes from is known. */
const approvalRequest = z.strictObject({
  ...call,
  type: z.literal('mcp_approval_request'),
  server_label: z.literal('backchannel'),
})

const approvalResponse = z.strictObject({
  id,
  type: z.literal('mcp_approval_response'),
  approval_request_id: z.string(),
  approve: z.boolean(),
  reason: z.string().nullish(),
})

const reasoning = z.strictObject({
  id,
  status,
  type: z.literal('reasoning'),
  summary: z.array(z.strictObject({ type: z.literal('summary_text'), text })),
  content: z.array(z.strictObject({ type: z.literal('reasoning_text'), text })).nullish(),
  encrypted_content: z.null('is not supported here').optional(),
})

/** An item that an earlier response has put out, by its id. */
const itemReference = z.strictObject({ type: z.literal('item_reference'), id: z.string() })

/** An item of the input. A message may leave its type out. */
export const inputItem = z.preprocess(
  (item) => (typeof item === 'object' && item !== null && !('type' in item) ? { ...item, type: 'message' } : item),
  z.discriminatedUnion(
    'type',
    [
      message,
      functionCall,
      functionCallOutput,
      serverCall,
      approvalRequest,
      approvalResponse,
      reasoning,
      itemReference,
    ],
    {
      error: ({ code, input }) => {
        if (code !== 'invalid_union') return undefined
        const type = (input as { readonly type?: unknown } | null)?.type
        return `items of type ${JSON.stringify(type)} are not supported here`
      },
    },
  ),
)

type GivenItem = z.output<typeof inputItem>
type ItemReference = z.output<typeof itemReference>
export type InputItem = Exclude<GivenItem, ItemReference>

export function isReference(item: GivenItem): item is ItemReference {
  return item.type === 'item_reference'
}

export type MessageItem = z.output<typeof message>
export type CallOutputItem = z.output<typeof functionCallOutput>
/** What answers a call that a response waits for. */
export type AnswerItem = CallOutputItem | z.output<typeof approvalResponse>

export function isAnswer(item: InputItem): item is AnswerItem {
  return item.type === 'function_call_output' || item.type === 'mcp_approval_response'
}
