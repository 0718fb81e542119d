import type { CallError, FunctionCall } from '../../../conversation/function.ts'
import type { Message } from '../../../conversation/message.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { itemId } from './item-id.ts'

/** An item of a response's output, as clients of OpenAI know it. */
export type OutputItem = OutputText | Reasoning | ClientCall | ServerCall | ApprovalRequest

type Status = 'in_progress' | 'completed' | 'incomplete'

export interface OutputText {
  readonly id: string
  readonly type: 'message'
  readonly role: 'assistant'
  readonly status: Status
  readonly content: readonly TextPart[]
}

export interface TextPart {
  readonly type: 'output_text'
  readonly text: string
  readonly annotations: readonly []
  readonly logprobs: readonly []
}

export interface Reasoning {
  readonly id: string
  readonly type: 'reasoning'
  readonly status: Status
  readonly summary: readonly SummaryPart[]
}

export interface SummaryPart {
  readonly type: 'summary_text'
  readonly text: string
}

/** A call whose answer the client gives. */
export interface ClientCall {
  readonly id: string
  readonly type: 'function_call'
  readonly call_id: string
  readonly name: string
  readonly arguments: string
  readonly status: Status
}

/** A call that is answered without the client. Clients carry out each `function_call` that they see, and none of this type. */
export interface ServerCall {
  readonly id: string
  readonly type: 'mcp_call'
  readonly server_label: 'backchannel'
  readonly name: string
  readonly arguments: string
  readonly status: Status | 'failed'
  readonly output: string | null
  readonly error: CallFault | null
}

/** An ability's call waits until the client approves it. */
interface ApprovalRequest extends Pick<ServerCall, 'server_label' | 'name' | 'arguments'> {
  readonly id: string
  readonly type: 'mcp_approval_request'
}

interface CallFault {
  readonly type: 'mcp_tool_execution_error'
  readonly content: readonly { readonly type: 'text'; readonly text: string }[]
}

/** The kinds of message that are output. */
export type SpokenType = 'bot' | 'reasoning'

/** Of the id of an item for this message. */
export function spokenPrefix(type: SpokenType): 'msg' | 'rs' {
  return type === 'bot' ? 'msg' : 'rs'
}

/** A message as an item. Without a text, it has just begun. */
export function spokenItem(
  type: SpokenType,
  id: string,
  said: { readonly text: string; readonly status: Status } | null,
) {
  return type === 'bot' ? outputText(id, said) : reasoning(id, said)
}

function outputText(id: string, said: { readonly text: string; readonly status: Status } | null): OutputText {
  const content = said === null ? [] : [textPart(said.text)]
  return { id, type: 'message', role: 'assistant', status: said?.status ?? 'in_progress', content }
}

function reasoning(id: string, said: { readonly text: string; readonly status: Status } | null): Reasoning {
  return {
    id,
    type: 'reasoning',
    status: said?.status ?? 'in_progress',
    summary: said === null ? [] : [summaryPart(said.text)],
  }
}

export function textPart(text: string): TextPart {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

export function summaryPart(text: string): SummaryPart {
  return { type: 'summary_text', text }
}

/** The type of an item for this message; null for one that is no output. */
export function spokenType({ type }: Message): SpokenType | null {
  return type === 'bot' || type === 'reasoning' ? type : null
}

/** What becomes of a call, and the channel of the response in which it was made. */
interface CallIn<State> {
  readonly channel: ChannelId
  readonly state: State
}

export function clientCall(
  { id, name, arguments: given }: FunctionCall,
  { channel, state }: CallIn<Status>,
): ClientCall {
  const head = { id: itemId('fc', id, channel), type: 'function_call', call_id: id, name } as const
  return { ...head, arguments: argumentsText(given), status: state }
}

export function serverCall(
  { id, name, arguments: given }: FunctionCall,
  { channel, state }: CallIn<Pick<ServerCall, 'status' | 'output' | 'error'>>,
): ServerCall {
  const head = { id: itemId('mcp', id, channel), type: 'mcp_call', server_label: 'backchannel', name } as const
  return { ...head, arguments: argumentsText(given), ...state }
}

export function approvalRequest({ id, name, arguments: given }: FunctionCall, channel: ChannelId): ApprovalRequest {
  const head = { id: itemId('mcpr', id, channel), type: 'mcp_approval_request', server_label: 'backchannel' } as const
  return { ...head, name, arguments: argumentsText(given) }
}

/** The call that is to be approved. Null for a text that is no such id. */
export function callOfApproval(id: string): string | null {
  const [, own] = /^mcpr_([^.]+)\./.exec(id) ?? []
  return own === undefined ? null : `call_${own}`
}

export function callError({ message }: CallError): CallFault {
  return { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: message }] }
}

/** Null stands for arguments that could not be read. */
function argumentsText(given: unknown): string {
  return given === null ? '' : stringifyJson(given)
}
