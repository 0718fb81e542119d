import type {
  DispatchStatus,
  WholeCallFragment,
  WholeDispatchFragment,
  WholeMessageFragment,
  WholeUsageFragment,
} from '../generated/operations.ts'

export type Message = WholeMessageFragment
export type FunctionCall = WholeCallFragment
export type Usage = WholeUsageFragment

/** A dispatch at one moment. */
export interface Snapshot {
  /** Null until the dispatch is known. */
  readonly status: DispatchStatus | null
  /** In order, the one that is being written included. What a try of the model wrote in vain is gone. */
  readonly messages: readonly Message[]
  /** The calls that the run waits for. Those whose `answer` is SUBMIT take `answer`. */
  readonly pendingCalls: readonly FunctionCall[]
  readonly result: WholeDispatchFragment['result']
  /** Why the run failed. */
  readonly error: { readonly code: string; readonly message: string } | null
  readonly usage: Usage | null
  /** Everything up to here is in it. */
  readonly cursor: string | null
}
