import type { FunctionCall, Snapshot } from './snapshot.ts'

/** A call that has no outcome yet. What its caller is to carry out holds nothing up: the run ends. */
export type OpenCall =
  | { readonly kind: 'awaited'; readonly call: FunctionCall }
  | { readonly kind: 'running' | 'callers' }

interface Activity {
  readonly type?: unknown
  readonly id?: unknown
}

/**
 * The calls of a snapshot without an outcome. It names those that the run waits for; of those that the server is carrying out
 * there are only the messages: requests without a response since a person last spoke.
 */
export function openCallsOf({ status, messages, pendingCalls }: Snapshot): Map<string, OpenCall> {
  const calls = new Map<string, OpenCall>()
  if (status === 'RUNNING' || status === 'QUEUED') {
    const begin = messages.findLastIndex(({ type }) => type === 'USER') + 1
    for (const { meta } of messages.slice(begin)) {
      const { type, id } = (meta?.['activity'] ?? {}) as Activity
      if (typeof id !== 'string') continue
      if (type === 'request') calls.set(id, { kind: 'running' })
      else calls.delete(id)
    }
  }
  for (const call of pendingCalls) calls.set(call.id, { kind: 'awaited', call })
  return calls
}
