import type {
  ChannelEventsSubscription,
  DispatchStatus,
  WholeCallFragment,
  WholeMessageFragment,
} from '../generated/operations.ts'

export type ChannelEvent = ChannelEventsSubscription['channelEvents']
export type Message = WholeMessageFragment
export type Call = WholeCallFragment

/** The state of a chat view. */
export interface Conversation {
  readonly status: DispatchStatus
  readonly messages: readonly Message[]
  /**
   * The calls that the run waits for. A user can answer a call through `submitFunctionResult` if its `answer` is
   * SUBMIT.
   */
  readonly pendingCalls: readonly Call[]
  /** Discarded messages. A replay must not bring their deltas back. */
  readonly discardedIds: readonly string[]
  /** Answered calls. A replay must not bring them back. */
  readonly answeredIds: readonly string[]
}

export const emptyConversation: Conversation = {
  status: 'QUEUED',
  messages: [],
  pendingCalls: [],
  discardedIds: [],
  answeredIds: [],
}

/** Builds the state from a snapshot. Follow `channelEvents` after its cursor. */
export function conversationOf(snapshot: Pick<Conversation, 'status' | 'messages' | 'pendingCalls'>): Conversation {
  const { status, messages, pendingCalls } = snapshot
  return { ...emptyConversation, status, messages, pendingCalls }
}

/**
 * Applies one event. Events may repeat, one or all of them, however a client replays them: a repeated event returns the
 * identical object, so a view neither flickers nor renders again.
 */
export function applyEvent(conversation: Conversation, event: ChannelEvent): Conversation {
  switch (event.__typename) {
    case 'DispatchQueued':
    case 'MessagesAdded':
      return event.messages.reduce(putMessage, conversation)
    case 'TranscriptTaken':
      return putBefore(conversation, event.messages)
    case 'DispatchStarted':
      return putStatus(conversation, 'RUNNING')
    case 'TextDelta':
      return growMessage(conversation, event, 'BOT')
    case 'ReasoningDelta':
      return growMessage(conversation, event, 'REASONING')
    case 'MessageCompleted':
      return putMessage(conversation, event.message)
    case 'MessageDiscarded':
      return discardMessage(conversation, event.messageId)
    case 'FunctionResultAwaited':
      return putCall(conversation, event.call)
    case 'FunctionCallCompleted':
    case 'FunctionCallFailed':
      return settleCall(conversation, event.call.id)
    case 'DispatchPaused':
      return putStatus(conversation, 'WAITING')
    case 'DispatchCompleted':
      return end(conversation, 'COMPLETED')
    case 'DispatchFailed':
      return end(conversation, 'FAILED')
    case 'DispatchCancelled':
      return end(conversation, 'CANCELLED')
    default:
      // New event types may be added.
      return conversation
  }
}

type Delta = Extract<ChannelEvent, { __typename: 'TextDelta' | 'ReasoningDelta' }>

/**
 * `position` is where the text of the delta starts in its message. The text never shrinks, because whatever a delta
 * would cut off belongs to later deltas. A delta that starts after the end of the text is ignored: the client started
 * in the middle of the message, and MessageCompleted brings the whole text.
 */
function growMessage(conversation: Conversation, delta: Delta, type: Message['type']): Conversation {
  const { messageId: id, position } = delta
  if (conversation.discardedIds.includes(id)) return conversation
  const empty: Message = { id, type, text: '', meta: null, isComplete: false }
  const message = conversation.messages.find((one) => one.id === id) ?? empty
  if (position > message.text.length) return conversation
  const text = message.text.slice(0, position) + delta.text
  return text.length > message.text.length ? replaceMessage(conversation, { ...message, text }) : conversation
}

/** What was said before comes first. */
function putBefore(conversation: Conversation, earlier: readonly Message[]): Conversation {
  const known = new Set(conversation.messages.map(({ id }) => id))
  const missing = earlier.filter(({ id }) => !known.has(id))
  return missing.length === 0 ? conversation : { ...conversation, messages: [...missing, ...conversation.messages] }
}

function putMessage(conversation: Conversation, message: Message): Conversation {
  const isThere = conversation.messages.some(({ id, isComplete }) => id === message.id && isComplete)
  return isThere ? conversation : replaceMessage(conversation, message)
}

function replaceMessage(conversation: Conversation, message: Message): Conversation {
  const index = conversation.messages.findIndex(({ id }) => id === message.id)
  const messages = index < 0 ? [...conversation.messages, message] : conversation.messages.with(index, message)
  return { ...conversation, messages }
}

function discardMessage(conversation: Conversation, messageId: string): Conversation {
  if (conversation.discardedIds.includes(messageId)) return conversation
  return {
    ...conversation,
    messages: conversation.messages.filter(({ id }) => id !== messageId),
    discardedIds: [...conversation.discardedIds, messageId],
  }
}

function putCall(conversation: Conversation, call: Call): Conversation {
  const isKnown = conversation.pendingCalls.some(({ id }) => id === call.id)
  if (isKnown || conversation.answeredIds.includes(call.id) || hasEnded(conversation)) return conversation
  return { ...conversation, pendingCalls: [...conversation.pendingCalls, call] }
}

function settleCall(conversation: Conversation, callId: string): Conversation {
  if (conversation.answeredIds.includes(callId)) return conversation
  return {
    ...conversation,
    pendingCalls: conversation.pendingCalls.filter(({ id }) => id !== callId),
    answeredIds: [...conversation.answeredIds, callId],
  }
}

function end(conversation: Conversation, status: DispatchStatus): Conversation {
  return putStatus(
    conversation.pendingCalls.length === 0 ? conversation : { ...conversation, pendingCalls: [] },
    status,
  )
}

/** An ended run never changes its status. */
function putStatus(conversation: Conversation, status: DispatchStatus): Conversation {
  return conversation.status === status || hasEnded(conversation) ? conversation : { ...conversation, status }
}

export function hasEnded({ status }: Pick<Conversation, 'status'>): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
}
