import type { EarlierTurn } from './event.ts'
import type { Activity, Message } from './message.ts'

interface Transcript {
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
}

/**
 * The transcript up to and including the message with this id; null: it has no such message. Turns that are not whole any more go
 * back to their providers as messages.
 */
export function cutTranscript({ messages, turns }: Transcript, upTo: string): Transcript | null {
  const last = messages.findIndex(({ id }) => id === upTo)
  if (last === -1) return null
  const kept = messages.slice(0, last + 1)
  const ids = new Set(kept.map(({ id }) => id))
  const answered = new Set(kept.flatMap((message) => answeredCall(message) ?? []))
  const isWhole = ({ parts }: EarlierTurn) =>
    parts.every((part) =>
      part.type === 'call' ? answered.has(part.callId) : part.messageId === null || ids.has(part.messageId),
    )
  return { messages: kept, turns: turns.filter(isWhole) }
}

/** The id of the call that the message answers; null for any other message. */
function answeredCall({ type, meta }: Message): string | null {
  // Checked where the message came in.
  const activity = type === 'activity' ? (meta?.['activity'] as Activity | undefined) : undefined
  return activity?.type === 'response' ? (activity.id ?? null) : null
}
