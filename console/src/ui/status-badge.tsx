import type { DispatchStatus } from '../generated/operations.ts'

const names: Record<DispatchStatus, string> = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  WAITING: 'Waiting',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
}

export const statusNames = Object.entries(names) as readonly (readonly [DispatchStatus, string])[]

/** Says its status in words; its colour only repeats them. */
export function StatusBadge({ status }: { readonly status: DispatchStatus }) {
  return (
    <span className={`badge badge-${status.toLowerCase()}`}>
      <span className="badge-dot" aria-hidden="true" />
      {names[status]}
    </span>
  )
}
