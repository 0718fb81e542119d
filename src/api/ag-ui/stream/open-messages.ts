import type { Delta } from '../../../conversation/event.ts'
import type { AgUiEvent } from './event.ts'

type Kind = 'text' | 'reasoning'

export interface ClosedMessage {
  readonly id: string
  readonly type: Kind
  readonly frames: readonly AgUiEvent[]
}

/** The messages that have been started and not ended, and how much of each has been told. */
export interface OpenMessages {
  grow(kind: Kind, delta: Pick<Delta, 'messageId' | 'position' | 'text'>): readonly AgUiEvent[]
  /** Tells what is left of a message, and ends it. */
  complete(kind: Kind, id: string, text: string, role?: 'user'): readonly AgUiEvent[]
  /** Ends a message where it is. Null: it is not open. */
  close(id: string): ClosedMessage | null
  ids(): readonly string[]
}

export function createOpenMessages(): OpenMessages {
  const open = new Map<string, { readonly kind: Kind; length: number }>()

  const start = (kind: Kind, messageId: string, role?: 'user'): readonly AgUiEvent[] => {
    open.set(messageId, { kind, length: 0 })
    if (kind === 'text') return [{ type: 'TEXT_MESSAGE_START', messageId, role: role ?? 'assistant' }]
    return [
      { type: 'REASONING_START', messageId },
      { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
    ]
  }
  const grow: OpenMessages['grow'] = (kind, { messageId, position, text }) => {
    const started = open.has(messageId) ? [] : start(kind, messageId)
    const message = open.get(messageId)
    const fresh = text.slice(Math.max(0, (message?.length ?? 0) - position))
    if (message === undefined || fresh === '') return started
    message.length = position + text.length
    return [...started, { type: contentTypes[kind], messageId, delta: fresh }]
  }
  const close: OpenMessages['close'] = (id) => {
    const message = open.get(id)
    if (message === undefined) return null
    open.delete(id)
    return { id, type: message.kind, frames: ends[message.kind].map((type) => ({ type, messageId: id })) }
  }
  return {
    grow,
    complete(kind, id, text, role) {
      const started = open.has(id) ? [] : start(kind, id, role)
      const rest = grow(kind, { messageId: id, position: 0, text })
      return [...started, ...rest, ...(close(id)?.frames ?? [])]
    },
    close,
    ids: () => [...open.keys()],
  }
}

const contentTypes = { text: 'TEXT_MESSAGE_CONTENT', reasoning: 'REASONING_MESSAGE_CONTENT' } as const
const ends = { text: ['TEXT_MESSAGE_END'], reasoning: ['REASONING_MESSAGE_END', 'REASONING_END'] } as const
