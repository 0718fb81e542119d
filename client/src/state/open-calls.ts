import type { FunctionCall, Snapshot } from './snapshot.ts'

/** A call that has no outcome yet: itself where it is awaited. What its caller is to carry out holds nothing up: the run ends. */
export type OpenCall = FunctionCall | 'running' | 'callers'

export const isAwaited = (open: OpenCall) => typeof open === 'object'

interface Activity {
  readonly type?: unknown
  readonly id?: unknown
}

/**
 * The calls of a snapshot without an outcome. It names those that the run waits for; of those that the server is carrying out
 * there are only the messages: requests without a response since a person last spoke before them. What was said while they are being
 * carried out stands behind them.
 */
export function openCallsOf({ status, messages, pendingCalls }: Snapshot): Map<string, OpenCall> {
  const calls = new Map<string, OpenCall>()
  if (status === 'RUNNING' || status === 'QUEUED') {
    const last = messages.findLastIndex(({ type }) => type === 'ACTIVITY')
    const begin = messages.findLastIndex(({ type }, index) => type === 'USER' && index < last) + 1
    for (const { meta } of messages.slice(begin)) {
      const { type, id } = (meta?.['activity'] ?? {}) as Activity
      if (typeof id !== 'string') continue
      if (type === 'request') calls.set(id, 'running')
      else calls.delete(id)
    }
  }
  for (const call of pendingCalls) calls.set(call.id, call)
  return calls
}
