import { z } from 'zod'
import type { CallOutcome } from '../../../conversation/fold.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import { functionBounds, jsonValue } from '../../../conversation/input/function-input.ts'
import { badInput, type InputIssue } from '../../../kernel/errors.ts'
import { isRecord, parsed } from '../../../kernel/json.ts'
import { readContent } from '../content.ts'
import type { Placed } from './news.ts'
import type { ResumeEntry } from './run-input.ts'

const toolMessage = z.looseObject({ id: z.string(), toolCallId: z.string(), error: z.string().nullish() })

/** A tool's result as the client says it. */
export interface ToolResult {
  readonly callId: string
  readonly messageId: string
  readonly outcome: CallOutcome
}

export function readToolResult({ message, index }: Placed): ToolResult {
  const { data, error } = toolMessage.safeParse(message)
  if (data === undefined) {
    const wrong = error.issues[0]
    const path = ['messages', index, ...(wrong?.path ?? []).map(String)]
    throw badInput([{ path, message: 'takes a text' }])
  }
  const path = ['messages', index, 'content']
  const { text, urls } = readContent(message['content'] ?? '', path)
  if (urls.length > 0) throw badInput([{ path, message: 'takes text: files are for messages of the user' }])
  const outcome = data.error == null ? completed(contentOf(text), path) : failed(data.error)
  return { callId: data.toolCallId, messageId: data.id, outcome }
}

/** The answer to an interrupt. */
export function readResumed({ status, payload }: ResumeEntry, index: number): CallOutcome {
  if (status === 'cancelled') return failed('The user has cancelled the call.')
  return completed(payload ?? null, ['resume', index, 'payload'])
}

/** The result as a message of the conversation, which the next dispatch begins with. */
export function resultMessage({ messageId, outcome }: ToolResult, call: FunctionCall) {
  const result = outcome.kind === 'completed' ? outcome.data : { error: outcome.error.message }
  const called = { name: call.name, arguments: call.arguments, result }
  return {
    id: messageId,
    type: 'activity',
    text: '',
    meta: { activity: { type: 'response', id: call.id, function: called } },
  }
}

/** Clients write an object or a list as JSON; a model reads it better as what it is. */
function contentOf(text: string): unknown {
  const value = /^\s*[[{]/.test(text) ? parsed(text) : undefined
  return isRecord(value) || Array.isArray(value) ? value : text
}

function completed(data: unknown, path: InputIssue['path']): CallOutcome {
  const checked = jsonValue.safeParse(data)
  if (checked.success) return { kind: 'completed', data }
  throw badInput([{ path, message: checked.error.issues[0]?.message ?? 'is wrong' }])
}

function failed(message: string): CallOutcome {
  const words = message.slice(0, functionBounds.description)
  return { kind: 'failed', error: { code: 'FAILED', message: words === '' ? 'The call failed.' : words } }
}
