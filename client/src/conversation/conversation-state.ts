import type { ConversationUpdatesSubscription, DispatchStatus } from '../generated/operations.ts'
import { hasEnded } from '../state/fold.ts'
import type { ChannelState } from '../state/live.ts'
import type { FunctionCall, Message } from '../state/snapshot.ts'

/** What a chat shows of a conversation. */
export interface ConversationState {
  /** Of what is being said, or waited for; in an idle conversation of its newest dispatch. Null until one is known. */
  readonly status: DispatchStatus | null
  /** All that was said, in order, the message that is being written and those that were just sent included. */
  readonly messages: readonly Message[]
  /** The calls that the run waits for. Those whose `answer` is SUBMIT take `answer`. */
  readonly pendingCalls: readonly FunctionCall[]
  /** Why the last message was not accepted, why its run failed, or why the conversation can no longer be watched. */
  readonly error: { readonly code: string; readonly message: string } | null
  /** Of the dispatch that runs, or is next; in an idle conversation of the newest one. */
  readonly channelId: string | null
  /** Whether a message is on its way to the server. */
  readonly isSending: boolean
  /** True while a lost connection is not back. What is shown stays. */
  readonly isReconnecting: boolean
}

type Update = ConversationUpdatesSubscription['conversationUpdates']

export interface Sent {
  readonly channelId: string
  readonly messages: readonly Message[]
}

export interface ConversationParts {
  /** Null: nothing has come yet. */
  readonly update: Update | null
  readonly current: ChannelState | null
  /** Whether the messages of the current dispatch are all that there is: its turn has come, and they are not behind the update. */
  readonly hasBegun: boolean
  /** What the server may not have told yet. */
  readonly sent: readonly Sent[]
  readonly sending: number
  readonly error: ConversationState['error']
  readonly isReconnecting: boolean
}

/** One state out of what is known. */
export function conversationState(parts: ConversationParts): ConversationState {
  const { update, current, hasBegun, sent, sending, error, isReconnecting } = parts
  const messages = new Map<string, Message>()
  const put = (message: Message) => void messages.set(message.id, message)
  // What a try of the model has said in vain may still be in the transcript of a moment ago.
  if (!hasBegun) update?.messages.forEach(put)
  for (const message of current?.messages ?? []) {
    const known = messages.get(message.id)
    put(known !== undefined && known.text.length > message.text.length ? known : message)
  }
  for (const message of sent.flatMap((each) => each.messages)) if (!messages.has(message.id)) put(message)
  const newest = update?.dispatches.edges[0]?.node
  return {
    status: current?.status ?? (sent.length > 0 ? 'QUEUED' : (newest?.status ?? null)),
    messages: [...messages.values()],
    pendingCalls: current?.pendingCalls ?? [],
    error: error ?? (current === null ? (newest?.error ?? null) : current.error),
    channelId: update?.current?.channelId ?? newest?.channelId ?? null,
    isSending: sending > 0,
    isReconnecting: isReconnecting || !!current?.isReconnecting,
  }
}

/** Whether a dispatch says all that a transcript says, or more. */
export function isAhead({ status, messages }: ChannelState, transcript: readonly Message[]): boolean {
  if (status === null || status === 'QUEUED') return false
  const left = new Map(transcript.map(({ id, text }) => [id, text.length]))
  // A message that the transcript does not have has come after all that it has.
  const isLater = messages.some(({ id }) => !left.has(id))
  for (const { id, text } of messages) if (text.length >= (left.get(id) ?? 0)) left.delete(id)
  return isLater || left.size === 0
}

export const noParts: ConversationParts = {
  update: null,
  current: null,
  hasBegun: false,
  sent: [],
  sending: 0,
  error: null,
  isReconnecting: false,
}

export const emptyConversation: ConversationState = /* #__PURE__ */ conversationState(noParts)

/** What is not in the conversation yet, and still may come. */
export function stillSent(sent: readonly Sent[], { messages, current, dispatches }: Update): readonly Sent[] {
  const known = new Set([...messages, ...(current?.messages ?? [])].map(({ id }) => id))
  const ended = new Set(dispatches.edges.filter(({ node }) => hasEnded(node.status)).map(({ node }) => node.channelId))
  return sent.filter((each) => !ended.has(each.channelId) && !each.messages.every(({ id }) => known.has(id)))
}
