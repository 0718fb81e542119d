import type { PendingCall, Settlement, SettleOutcome } from '../../dispatch/pending-call.ts'
import { answerWay } from '../../dispatch/pending-call.ts'
import { parseJson, stringifyJson } from '../../kernel/json.ts'

/** The calls of one run that wait for answers, and the digests of the answers that have come. */
export interface MemoryPending {
  add(calls: readonly PendingCall[]): void
  list(): readonly PendingCall[]
  /** Null: the settlement is accepted, and the call is no longer pending. Otherwise the reason why it is not accepted. */
  take(settlement: Settlement, now: number, isFull: () => boolean): Exclude<SettleOutcome, 'settled' | 'ended'> | null
  /** How the settlement compares to the answer that the call already has. Null: it has none. */
  answered(settlement: Settlement): 'repeated' | 'conflict' | null
  /** Of the pending calls, in characters. */
  bytes(): number
  clear(): void
}

export function createMemoryPending(): MemoryPending {
  /** Serialised, so that nobody shares an object with the store. */
  const pending = new Map<string, string>()
  const answers = new Map<string, string>()
  const read = (text: string) => parseJson(text) as PendingCall

  return {
    add(calls) {
      for (const each of calls) pending.set(each.call.id, stringifyJson(each))
    },
    list: () => [...pending.values()].map(read),
    answered({ callId, digest }) {
      const known = answers.get(callId)
      if (known === undefined) return null
      return known === digest ? 'repeated' : 'conflict'
    },
    take({ callId, by, digest, facts }, now, isFull) {
      const text = pending.get(callId)
      if (text === undefined || facts.length === 0) return 'unknown'
      const waiting = read(text)
      const isOver = now >= (waiting.call.deadline ?? 0)
      if (by === 'deadline' && !isOver) return 'early'
      if (by !== 'deadline' && isOver) return 'late'
      if (by !== 'deadline' && by !== answerWay(waiting)) return 'other-way'
      if (by !== 'deadline' && isFull()) return 'full'
      pending.delete(callId)
      answers.set(callId, digest)
      return null
    },
    bytes: () => [...pending.values()].reduce((sum, { length }) => sum + length, 0),
    clear() {
      pending.clear()
    },
  }
}
