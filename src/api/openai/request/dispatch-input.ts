import { Failure, type InputIssue, ofFields } from '../../../kernel/errors.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import type { CreateBody } from './create-body.ts'
import { echoOf } from './echo.ts'
import type { GivenInput } from './messages.ts'
import { type ModelChoice, parameterOfModel } from './model-text.ts'
import { answerFormatOf } from './text.ts'
import { functionsOf } from './tool.ts'

export interface Dispatched {
  readonly body: CreateBody
  readonly input: GivenInput
  readonly choice: ModelChoice
  /** The run that the previous response is. */
  readonly previous: ChannelId | null
  /** The id that the new run is to have; null: any. */
  readonly channel: ChannelId | null
}

/** The request as the use case takes it. What was not given is left out, so that a token's holder is refused only what was given. */
export function dispatchInput({ body, input, choice, previous, channel }: Dispatched): object {
  return {
    messages: input.messages,
    attachments: input.attachments,
    ...choice,
    backstory: body.instructions,
    continues: previous,
    conversationId: body.conversation,
    channelId: channel,
    functions: functionsOf(body.tools, body.tool_choice),
    answerFormat: answerFormatOf(body.text),
    limits: limitsOf(body),
    meta: body.metadata,
    echo: echoOf(body),
  }
}

/** An output that its maximum has cut is not gone on with. */
function limitsOf({ max_tool_calls: calls, max_output_tokens: most }: CreateBody): object | null {
  if (calls === null && most === null) return null
  return { ...(calls !== null && { calls }), ...(most !== null && { continuations: 0 }) }
}

/** Where the fields of a dispatch come from. The place of a message is not that of its item. */
const parameters: Readonly<Record<string, (rest: InputIssue['path'], message: string) => InputIssue['path']>> = {
  messages: () => ['input'],
  attachments: () => ['input'],
  model: (_rest, message) => parameterOfModel(message),
  botId: () => ['model'],
  backstory: () => ['instructions'],
  continues: () => ['previous_response_id'],
  conversationId: () => ['conversation'],
  channelId: () => ['Idempotency-Key'],
  functions: (rest) => ['tools', ...rest],
  answerFormat: (rest) => ['text', 'format', ...rest],
  limits: () => ['max_tool_calls'],
  meta: () => ['metadata'],
}

/** The failure of a dispatch, about the parameters of the request. */
export function aboutParameters(error: unknown): unknown {
  if (!(error instanceof Failure) || error.issues.length === 0) return error
  const issues = error.issues.map(({ path, message }) => {
    const [field, ...rest] = path[0] === 'input' ? path.slice(1) : path
    const parameter = typeof field === 'string' && Object.hasOwn(parameters, field) ? parameters[field] : undefined
    return { path: parameter?.(rest, message) ?? [field ?? 'input', ...rest], message }
  })
  const { message } = ofFields(error.code, issues)
  const { retryAfterSeconds } = error
  return new Failure(error.code, message, {
    issues,
    cause: error,
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  })
}
