import type { Message } from '../conversation/message.ts'
import type { Run } from './run.ts'

/** Messages that are to be handed to a run. */
export interface Addition {
  readonly messages: readonly AddedMessage[]
  /** Whether the run was held when its messages were read, so that its transcript was not among them. Null: they were not read. */
  readonly sawHeld: boolean | null
  readonly tag: string
}

export interface AddedMessage {
  readonly message: Message
  /** Of its content: a message that comes again under its id is the same one if its digest is. */
  readonly digest: string
}

/**
 * `added`: those that were not added before are in the log; perhaps none. `conflict`: another message was added under the id of the one at
 * `index`, and nothing was written; so for the others. `changed`: the run is not held any more, or is again. `ended`: the run has ended.
 * `too-many`: the run would have more of them than it may before its model reads them. `log-full`, `account-full`: there is no room.
 */
export type AddReply =
  | { readonly outcome: 'added' | 'changed' | 'ended' | 'too-many' | 'log-full' | 'account-full'; readonly run: Run }
  | { readonly outcome: 'conflict'; readonly index: number }

/** How many messages may be handed to a run before its model reads them. */
export const mostUnheard = 1000
