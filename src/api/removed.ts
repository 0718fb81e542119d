import type { Removal } from '../dispatch/run-store.ts'
import { Failure } from '../kernel/errors.ts'

/** Throws CONFLICT or NOT_FOUND unless it has been removed. */
export function removed(removal: Removal, what: 'dispatch' | 'conversation'): void {
  if (removal === 'absent') throw new Failure('NOT_FOUND', `There is no ${what} by that id.`)
  if (removal === 'removed') return
  const message =
    what === 'dispatch'
      ? 'The dispatch, or one before it in its conversation, has not ended.'
      : 'A dispatch of the conversation has not ended.'
  throw new Failure('CONFLICT', message)
}
