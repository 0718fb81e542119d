import type { Activity, MessageType } from '../../../conversation/message.ts'
import { badInput, type InputIssue } from '../../../kernel/errors.ts'
import { isRecord, parsed } from '../../../kernel/json.ts'
import {
  type AnswerItem,
  type CallOutputItem,
  type FileContent,
  type InputItem,
  isAnswer,
  type MessageItem,
  type TextContent,
} from './input-item.ts'

/** A message as a dispatch takes it. */
export interface GivenMessage {
  readonly type: MessageType
  readonly text: string
  readonly meta?: Readonly<Record<string, unknown>>
}

export interface GivenInput {
  readonly messages: readonly GivenMessage[]
  readonly attachments: readonly { readonly url: string }[]
}

export interface InputReading {
  /** Whether the texts of the system and of developers that come first are the system message. Otherwise the model reads them as orders in the user's place. */
  readonly hasSystemPlace: boolean
  /** The functions that earlier calls have called, by the calls' ids. */
  readonly calls: ReadonlyMap<string, string>
}

/** Translates the input into messages. BAD_USER_INPUT for the output of a call that nobody has made. */
export function readInput(input: string | readonly InputItem[], { hasSystemPlace, calls }: InputReading): GivenInput {
  if (typeof input === 'string') return { messages: [{ type: 'user', text: input }], attachments: [] }
  const names = new Map(calls)
  for (const item of input) if (item.type === 'function_call') names.set(item.call_id, item.name)
  const issues: InputIssue[] = input.flatMap(({ type }, index) =>
    type === 'mcp_approval_response'
      ? [{ path: ['input', index, 'approval_request_id'], message: 'the previous response waits for no such approval' }]
      : [],
  )
  const nameOf = (callId: string, index: number): string => {
    const name = names.get(callId)
    if (name !== undefined) return name
    issues.push({
      path: ['input', index, 'call_id'],
      message: 'there is no call by that id in what this response goes on from',
    })
    return ''
  }
  const first = input.findIndex((item) => !isSystem(item))
  const system = hasSystemPlace ? input.slice(0, first === -1 ? input.length : first).filter(isSystem) : []
  const messages = input
    .slice(system.length)
    .flatMap((item, index) => messagesOf(item, (callId) => nameOf(callId, index + system.length)))
  if (issues.length > 0) throw badInput(issues)
  const texts = system.map(({ content }) => textOf(content))
  return {
    messages: [...(texts.length > 0 ? [{ type: 'backstory', text: texts.join('\n\n') } as const] : []), ...messages],
    attachments: input.flatMap((item) => (item.type === 'message' ? filesOf(item) : [])),
  }
}

/** The answers that are all of the input; null if there is anything else. */
export function answersOnly(input: readonly InputItem[]): readonly AnswerItem[] | null {
  const answers = input.filter(isAnswer)
  return answers.length === input.length ? answers : null
}

/** An object or a list is read as JSON; any other text stays what it is. */
export function outputValue({ output }: Pick<CallOutputItem, 'output'>): unknown {
  const text = typeof output === 'string' ? output : output.map((part) => part.text).join('\n')
  const value = /^\s*[[{]/.test(text) ? parsed(text) : undefined
  return value === undefined ? text : value
}

function isSystem(item: InputItem): item is MessageItem {
  return item.type === 'message' && (item.role === 'system' || item.role === 'developer')
}

const types: Readonly<Record<MessageItem['role'], MessageType>> = {
  user: 'user',
  assistant: 'bot',
  system: 'instruction',
  developer: 'instruction',
}

function messagesOf(item: InputItem, nameOf: (callId: string) => string): readonly GivenMessage[] {
  switch (item.type) {
    case 'message':
      return [{ type: types[item.role], text: textOf(item.content) }]
    case 'reasoning':
      return [
        { type: 'reasoning', text: [...(item.content ?? []), ...item.summary].map(({ text }) => text).join('\n\n') },
      ]
    case 'mcp_approval_request':
    case 'mcp_approval_response':
      return []
    case 'function_call':
      return [request(item, item.call_id)]
    case 'function_call_output':
      return [response({ id: item.call_id, name: nameOf(item.call_id), result: outputValue(item) })]
    case 'mcp_call':
      return [
        request(item, item.id ?? ''),
        response({
          id: item.id ?? '',
          name: item.name,
          result: item.output == null ? failure(item.error) : outputValue({ output: item.output }),
        }),
      ]
  }
}

function request({ name, arguments: given }: { readonly name: string; readonly arguments: string }, id: string) {
  return activity({ type: 'request', id, function: { name, arguments: parsed(given) ?? given } })
}

function response({ id, name, result }: { readonly id: string; readonly name: string; readonly result: unknown }) {
  return activity({ type: 'response', id, function: { name, result } })
}

function activity(value: Activity): GivenMessage {
  return { type: 'activity', text: '', meta: { activity: value } }
}

/** As a model reads a call that has failed. */
function failure(error: unknown): unknown {
  const [first] = isRecord(error) && Array.isArray(error['content']) ? error['content'] : []
  return { error: isRecord(first) && typeof first['text'] === 'string' ? first['text'] : 'The call failed.' }
}

function textOf(content: MessageItem['content']): string {
  if (typeof content === 'string') return content
  return content
    .flatMap((part) => (isText(part) ? [part.type === 'refusal' ? part.refusal : part.text] : []))
    .join('\n')
}

function filesOf({ content }: MessageItem): readonly { readonly url: string }[] {
  if (typeof content === 'string') return []
  return content.flatMap((part) =>
    isText(part) ? [] : [{ url: part.type === 'input_image' ? part.image_url : part.file_url }],
  )
}

function isText(part: TextContent | FileContent): part is TextContent {
  return part.type !== 'input_image' && part.type !== 'input_file'
}
