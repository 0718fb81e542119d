import type { BackchannelError } from 'backchannel-client'
import type { ReactNode } from 'react'

interface ProblemProps {
  /** Nothing is shown for null. */
  readonly of:
    | Pick<BackchannelError, 'message'>
    | { readonly code: string; readonly message: string }
    | null
    | undefined
  readonly children?: ReactNode
}

/** What went wrong, said at once to a screen reader too. */
export function Problem({ of, children }: ProblemProps) {
  if (of === null || of === undefined) return null
  return (
    <div role="alert" className="problem">
      {'code' in of && <code className="problem-code">{of.code}</code>}
      <span>{of.message}</span>
      {children}
    </div>
  )
}
