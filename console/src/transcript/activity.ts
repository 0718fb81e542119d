import type { FunctionCall, Message } from 'backchannel-client'
import { type CallEntry, type Entry, messageEntry } from './entry.ts'

interface Activity {
  readonly type?: unknown
  readonly id?: unknown
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown; readonly result?: unknown }
}

/** Adds a message to a transcript: a function's request becomes a call, and its response that call's outcome. */
export function addMessage(entries: Map<string, Entry>, message: Message): void {
  const activity = message.type === 'ACTIVITY' ? (message.meta?.['activity'] as Activity | undefined) : undefined
  if (activity === undefined) {
    entries.set(message.id, messageEntry(message))
    return
  }
  // A caller's own activities may have no id; they then stand alone.
  const key = typeof activity.id === 'string' ? activity.id : message.id
  const known = entries.get(key)
  if (activity.type === 'request' && known !== undefined) return
  entries.set(key, callOf(key, activity, known?.kind === 'call' ? known : null))
}

function callOf(key: string, activity: Activity, known: CallEntry | null): CallEntry {
  const { name, arguments: given, result } = activity.function ?? {}
  const isAnswered = activity.type === 'response'
  if (known !== null) {
    // The event that tells the outcome may have come before.
    return known.outcome !== null || !isAnswered ? known : { ...known, state: 'completed', outcome: { data: result } }
  }
  return {
    kind: 'call',
    key,
    name: String(name ?? 'function'),
    arguments: given ?? null,
    state: isAnswered ? 'completed' : 'running',
    outcome: isAnswered ? { data: result } : null,
    durationMs: null,
    pending: null,
  }
}

/** The transcript of a conversation as its messages tell it. */
export function entriesOf(messages: readonly Message[], pendingCalls: readonly FunctionCall[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const message of messages) addMessage(entries, message)
  for (const call of pendingCalls) {
    const known = entries.get(call.id)
    const entry = known?.kind === 'call' ? known : callOf(call.id, { function: call }, null)
    entries.set(call.id, { ...entry, state: 'waiting', pending: { call, resultChannelId: null } })
  }
  return [...entries.values()]
}
