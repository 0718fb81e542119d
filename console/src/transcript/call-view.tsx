import type { ReactNode } from 'react'
import { formatDuration } from '../ui/format.ts'
import { JsonView } from '../ui/json-view.tsx'
import type { CallEntry, CallState } from './entry.ts'

const states: Record<CallState, string> = {
  running: 'running',
  waiting: 'waits for an answer',
  completed: 'answered',
  failed: 'failed',
  abandoned: 'never answered',
}

/** A function call: what was asked, what was answered, how long it took. */
export function CallView({ entry, children }: { readonly entry: CallEntry; readonly children?: ReactNode }) {
  const { name, state, outcome, durationMs } = entry
  return (
    <div className={`call call-${state}`}>
      <p className="call-head">
        <code className="call-name">{name}</code>
        <span className="call-state">{states[state]}</span>
        {durationMs !== null && <span className="muted number">{formatDuration(durationMs)}</span>}
      </p>
      <div className="call-parts">
        <div>
          <p className="speaker">Arguments</p>
          <JsonView value={entry.arguments} />
        </div>
        {outcome !== null && (
          <div>
            <p className="speaker">{'error' in outcome ? 'Error' : 'Answer'}</p>
            {'error' in outcome ? <p className="call-error">{outcome.error}</p> : <JsonView value={outcome.data} />}
          </div>
        )}
      </div>
      {children}
    </div>
  )
}
