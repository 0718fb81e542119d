import type { Transport } from '../connection/transport.ts'
import { conversationUpdatesDocument } from '../documents.ts'
import { BackchannelError } from '../errors.ts'
import type { ConversationUpdatesSubscription } from '../generated/operations.ts'
import { nextFrame } from '../state/frame.ts'
import type { Stores } from '../state/stores.ts'
import { follow } from '../watching/follow.ts'
import {
  type ConversationParts,
  type ConversationState,
  conversationState,
  emptyConversation,
  isAhead,
  noParts,
  type Sent,
  stillSent,
} from './conversation-state.ts'

export interface LiveConversation {
  readonly listeners: Set<() => void>
  state(): ConversationState
  start(): void
  /** Shows messages before the server has them. The returned function says whose they are by now, or why it does not take them. */
  sending(sent: Sent): (failure: unknown, channelId?: string) => void
  close(): void
}

/** What the views of one conversation share: its updates, and the channel of its current dispatch. */
export function openConversation(
  deps: { readonly subscribe: Transport; readonly stores: Stores },
  conversationId: string,
): LiveConversation {
  const listeners = new Set<() => void>()
  let state = emptyConversation
  let parts = noParts
  let channelId: string | null = null
  let leaveChannel = () => {}
  let leave: (() => void) | null = null
  let cancelFrame: (() => void) | null = null
  let isDirty = false

  /** At once, but no more than once a frame. */
  function change(changes: Partial<ConversationParts>): void {
    parts = { ...parts, ...changes }
    isDirty = true
    if (cancelFrame === null) show()
  }
  function show(): void {
    cancelFrame = null
    if (!isDirty) return
    isDirty = false
    cancelFrame = nextFrame(show)
    state = conversationState(parts)
    for (const listener of [...listeners]) listener()
  }

  function take(update: ConversationUpdatesSubscription['conversationUpdates']): void {
    const { current } = update
    const sent = stillSent(parts.sent, update)
    if (current?.channelId === channelId) {
      change({ update, sent })
      return
    }
    leaveChannel()
    leaveChannel = () => {}
    channelId = current?.channelId ?? null
    if (current === null) {
      change({ update, sent, current: null, hasBegun: false })
      return
    }
    deps.stores.seed(current.channelId, current)
    const store = deps.stores.state(current.channelId)
    const look = () => {
      const now = store.getSnapshot()
      change({ current: now, hasBegun: parts.hasBegun || isAhead(now, parts.update?.messages ?? []) })
    }
    parts = { ...parts, update, sent, hasBegun: false }
    leaveChannel = store.subscribe(look)
    look()
  }

  return {
    listeners,
    state: () => state,
    start() {
      leave ??= follow<ConversationUpdatesSubscription>(deps.subscribe, {
        query: conversationUpdatesDocument,
        variables: () => ({ conversationId }),
        next: ({ conversationUpdates }) => take(conversationUpdates),
        connected: (isConnected) => change({ isReconnecting: !isConnected }),
        done: (error) => change({ error, isReconnecting: false }),
      })
    },
    sending(sent) {
      change({ sent: [...parts.sent, sent], sending: parts.sending + 1, error: null })
      return (failure, channelId) => {
        const left = parts.sent.flatMap((each) => (each !== sent ? each : channelId ? { ...sent, channelId } : []))
        const error = failure instanceof BackchannelError ? failure : parts.error
        change({ sent: left, sending: parts.sending - 1, error })
      }
    },
    close() {
      leave?.()
      leaveChannel()
      cancelFrame?.()
    },
  }
}
