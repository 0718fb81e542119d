import type { FunctionCall } from 'backchannel-client'
import type { CallEntry, Entry, EventOf } from '../transcript/entry.ts'
import type { Timeline } from './timeline.ts'

/** The calls of a run, in its transcript and on its timeline. */
export function createRunCalls(entries: Map<string, Entry>, timeline: Timeline) {
  const begun = new Map<string, number>()
  const running = new Set<string>()
  const waiting = new Set<string>()

  const entryOf = ({ id, name, arguments: given }: FunctionCall): CallEntry => {
    const known = entries.get(id)
    if (known?.kind === 'call') return known
    const none = { outcome: null, durationMs: null, pending: null } as const
    return { kind: 'call', key: id, name, arguments: given, state: 'running', ...none }
  }
  const settle = (call: FunctionCall, at: number, change: Pick<CallEntry, 'state' | 'outcome'>) => {
    const from = begun.get(call.id)
    running.delete(call.id)
    waiting.delete(call.id)
    entries.set(call.id, {
      ...entryOf(call),
      ...change,
      durationMs: from === undefined ? null : at - from,
      pending: null,
    })
    timeline.close(`call ${call.id}`, at, change.state === 'failed' ? 'bad' : undefined)
    timeline.close(`wait ${call.id}`, at)
  }
  return {
    requested({ call }: EventOf<'FunctionCallRequested'>, at: number) {
      // What its caller is to carry out holds nothing up: the run ends.
      if (call.answer !== 'CALLER') running.add(call.id)
      if (waiting.delete(call.id)) {
        // It has been approved.
        entries.set(call.id, { ...entryOf(call), state: 'running', pending: null })
        timeline.close(`wait ${call.id}`, at)
        return
      }
      begun.set(call.id, at)
      entries.set(call.id, entryOf(call))
      timeline.open(`call ${call.id}`, { lane: 'Calls', label: call.name }, at)
    },
    awaited({ call, resultChannelId }: EventOf<'FunctionResultAwaited'>, at: number) {
      running.delete(call.id)
      waiting.add(call.id)
      entries.set(call.id, { ...entryOf(call), state: 'waiting', pending: { call, resultChannelId } })
      timeline.open(`wait ${call.id}`, { lane: 'Waits', label: `answer to ${call.name}`, tone: 'wait' }, at)
    },
    completed({ call, data }: EventOf<'FunctionCallCompleted'>, at: number) {
      settle(call, at, { state: 'completed', outcome: { data } })
    },
    failed({ call, error }: EventOf<'FunctionCallFailed'>, at: number) {
      settle(call, at, { state: 'failed', outcome: { error: `${error.code}: ${error.message}` } })
    },
    /** The run has ended: nobody answers what is still open. */
    abandon() {
      for (const id of [...running, ...waiting]) {
        const entry = entries.get(id)
        if (entry?.kind === 'call') entries.set(id, { ...entry, state: 'abandoned', pending: null })
      }
      running.clear()
      waiting.clear()
    },
    /** Whether the run can only wait. It parks then, which no event tells. */
    areAwaited: () => waiting.size > 0 && running.size === 0,
  }
}
