import type { BackchannelError } from 'backchannel-client'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'

interface DeleteButtonProps {
  /** `Delete bot Support`; the button says `Delete`. */
  readonly what: string
  /** What goes with it. */
  readonly children: string
  readonly removal: { readonly error: BackchannelError | null; readonly isPending: boolean; reset(): void }
  readonly onDelete: () => void
}

/** Asks before it deletes. */
export function DeleteButton({ what, children, removal, onDelete }: DeleteButtonProps) {
  const [isAsked, setIsAsked] = useState(false)
  const close = () => {
    setIsAsked(false)
    removal.reset()
  }
  return (
    <>
      <Button kind="danger" aria-label={what} onClick={() => setIsAsked(true)}>
        Delete
      </Button>
      <Dialog title={`${what}?`} isOpen={isAsked} onClose={close}>
        <p>{children}</p>
        <Problem of={removal.error} />
        <div className="form-actions">
          <Button kind="danger" disabled={removal.isPending} onClick={onDelete}>
            Delete it
          </Button>
          <Button onClick={close}>Keep it</Button>
        </div>
      </Dialog>
    </>
  )
}
