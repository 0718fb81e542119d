import type { DispatchInput } from '../conversation/input/dispatch-input.ts'
import type { MessageType } from '../conversation/message.ts'
import { forbidden, type InputIssue } from '../kernel/errors.ts'
import type { ConversationGrant } from './principal.ts'

/** What is wrong with a value that the holder of a conversation token gives; paths begin at the field. */
type Rule = (value: unknown, grant: ConversationGrant) => readonly InputIssue[]

const allowed: Rule = () => []
const refused: Rule = () => [{ path: [], message: 'is not for the holder of a conversation token to give' }]

/** What the token must allow for each way into a busy conversation. */
const busy: Readonly<Record<NonNullable<DispatchInput['whenBusy']>, 'dispatch' | 'cancel'>> = {
  enqueue: 'dispatch',
  reject: 'dispatch',
  interrupt: 'cancel',
  rollback: 'cancel',
  steer: 'dispatch',
}

/** Every field of a dispatch, and `channelToken`, which goes with one. A field that is not here is refused. */
const rules: Readonly<Record<keyof DispatchInput | 'channelToken', Rule>> = {
  messages: (messages) => (Array.isArray(messages) ? messages.flatMap(messageIssues) : []),
  // The permission check has seen that it is the token's own.
  conversationId: allowed,
  continuesUpTo: allowed,
  whenBusy: (wish, grant) => {
    const needed = Object.hasOwn(busy, String(wish)) ? busy[wish as keyof typeof busy] : null
    if (needed === null) return refused(wish, grant)
    const message = 'cancels dispatches, so it needs a token that allows CANCEL'
    return grant.allow.includes(needed) ? [] : [{ path: [], message }]
  },
  attachments: allowed,
  channelId: allowed,
  // The X-Timezone header says the same.
  timezone: allowed,
  botId: (botId, grant) => (botId === grant.botId ? [] : refused(botId, grant)),
  continues: refused,
  model: refused,
  backstory: refused,
  datasetId: refused,
  skillsetId: refused,
  contactId: refused,
  contact: refused,
  extensions: refused,
  functions: refused,
  answerFormat: refused,
  // An API gives it, and it holds nothing that was not given.
  echo: allowed,
  limits: refused,
  priority: refused,
  notBefore: refused,
  timeoutSeconds: refused,
  // Whoever is told of the dispatch takes it for the account's own.
  meta: refused,
  webhookId: refused,
  channelToken: refused,
}

/**
 * The dispatch as the holder of a conversation token may make it: what the holder gives, with the bot and the limits of the token.
 * FORBIDDEN names every field that is not the holder's to give. Null and an empty list mean the same as absent.
 */
export function dispatchOfToken(grant: ConversationGrant, input: object, path: readonly string[]): object {
  const issues = Object.entries(input).flatMap(([field, value]) => {
    if (value == null || (Array.isArray(value) && value.length === 0)) return []
    const rule = Object.hasOwn(rules, field) ? rules[field as keyof typeof rules] : refused
    return rule(value, grant).map((each) => ({ ...each, path: [...path, field, ...each.path] }))
  })
  if (issues.length > 0) throw forbidden(issues)
  return { ...input, botId: grant.botId, limits: grant.limits }
}

/** An answer to a call, by the place of its message. */
export interface AnsweredCall {
  readonly index: number
  readonly callId: string
}

/** The calls that the messages of a dispatch answer. */
export function answeredCalls({ messages }: { readonly messages?: unknown }): readonly AnsweredCall[] {
  if (!Array.isArray(messages)) return []
  return messages.flatMap((message, index) => {
    const callId = answeredCall(message)
    return callId === null ? [] : [{ index, callId }]
  })
}

/** What of a message the rules look at. The use case checks its form. */
interface GivenMessage {
  readonly type: MessageType
  readonly meta?: { readonly activity?: { readonly type?: unknown; readonly id?: unknown } | null } | null
}

function answeredCall({ type, meta }: GivenMessage): string | null {
  const activity = type === 'activity' ? meta?.activity : null
  return activity?.type === 'response' && typeof activity.id === 'string' ? activity.id : null
}

/** The other types are for the account to say, or for the model. */
function messageIssues(message: GivenMessage, index: number): readonly InputIssue[] {
  if (message.type === 'user' || answeredCall(message) !== null) return []
  const place = message.type === 'activity' ? [index, 'meta', 'activity'] : [index, 'type']
  const text =
    'a conversation token takes messages of type USER, and of type ACTIVITY responses with the id of their call'
  return [{ path: place, message: text }]
}
