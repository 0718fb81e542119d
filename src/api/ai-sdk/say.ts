import { createHash } from 'node:crypto'
import type { Principal } from '../../access/principal.ts'
import { conversationMessages, findLine } from '../../dispatch/line/read-conversation.ts'
import type { Run } from '../../dispatch/run.ts'
import { badInput, Failure } from '../../kernel/errors.ts'
import type { ConversationId } from '../../kernel/ids.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { dispatchAs } from '../dispatch-permission.ts'
import type { Services } from '../services.ts'
import { type ChatBody, dispatchFields, type UiMessage } from './chat-body.ts'

/** Who says something in which conversation, and the rest of the request. */
export interface Saying {
  readonly principal: Principal
  readonly conversation: ConversationId
  readonly body: ChatBody
}

/** Dispatches what the user has said, or the same question again. */
export async function sayNewest(services: Services, saying: Saying): Promise<Run> {
  const { body } = saying
  const { messages: newest, trigger, messageId } = body
  if (newest.role !== 'user') {
    throw badInput([
      { path: ['messages'], message: 'ends with a message of the user, or with one whose tools it answers' },
    ])
  }
  const said = userMessage(newest)
  if (trigger === 'regenerate-message') {
    const again = { messages: [], continuesUpTo: newest.id }
    // A question that has never arrived is asked now.
    return dispatchIn(services, saying, again).catch((error: unknown) => {
      if (!isUnknownMessage(error)) throw error
      return dispatchIn(services, saying, said)
    })
  }
  const isEdited = messageId === newest.id
  const before = isEdited ? await messageBefore(services, saying, newest.id) : null
  return dispatchIn(services, saying, before === null ? said : { ...said, continuesUpTo: before })
}

/** The dispatch as the caller may make it. The same message again is the same dispatch. */
export async function dispatchIn(
  services: Services,
  { principal, conversation, body }: Saying,
  own: object,
): Promise<Run> {
  const fields = dispatchFields(body)
  const mayInterrupt = principal.grant === null || (principal.grant.allow as readonly string[]).includes('cancel')
  const given = {
    // What is said while an answer is given ends that answer, as its reader expects who has pressed Stop or has no more questions.
    whenBusy: mayInterrupt ? 'interrupt' : null,
    ...fields,
    ...own,
    conversationId: conversation,
    channelId: 'messages' in own && !isEmpty(own.messages) ? channelOf(conversation, own) : null,
  }
  return dispatchAs(services, principal, given)
}

function isEmpty(messages: unknown): boolean {
  return Array.isArray(messages) && messages.length === 0
}

function channelOf(conversation: ConversationId, own: object): string {
  return `chat_${createHash('sha256')
    .update(`${conversation} ${stringifyJson(own)}`)
    .digest('base64url')
    .slice(0, 27)}`
}

/** The message before the one that the user has edited; null: the conversation does not have it, so nothing is cut. */
async function messageBefore(
  services: Services,
  { principal, conversation }: Saying,
  id: string,
): Promise<string | null> {
  const line = await findLine(services, { account: principal.account, conversation })
  const all = line === null ? [] : await conversationMessages(services, line)
  const at = all.findIndex((message) => message.id === id)
  if (at === -1) return null
  const before = all[at - 1]
  if (before !== undefined) return before.id
  const message = 'is the first of its conversation, before which nothing can be cut: begin another chat'
  throw badInput([{ path: ['messageId'], message }])
}

function isUnknownMessage(error: unknown): boolean {
  return error instanceof Failure && error.issues.some(({ path }) => path.at(-1) === 'continuesUpTo')
}

function userMessage({ id, parts }: UiMessage) {
  const texts = parts.flatMap(({ type, text }, index) => {
    if (type !== 'text') return []
    if (typeof text === 'string') return [text]
    throw badInput([{ path: ['messages', 'parts', index, 'text'], message: 'takes a text' }])
  })
  const attachments = parts.flatMap((part, index) => {
    if (part.type !== 'file') return []
    const { url } = part
    if (typeof url === 'string' && /^https?:/i.test(url)) return [{ url }]
    throw badInput([
      {
        path: ['messages', 'parts', index, 'url'],
        message: 'takes an http:// or https:// URL: upload the file, and send where it is',
      },
    ])
  })
  return { messages: [{ id, type: 'user', text: texts.join('\n\n') }], attachments }
}
