import type { FailureCode } from '../errors.ts'

/** What a helper process is sent. A large input comes before its job, in parts. */
export type Asked =
  | { readonly kind: 'part'; readonly part: unknown }
  | { readonly kind: 'job'; readonly name: string; readonly input: unknown; readonly ms: number }

/** `ready` comes once, when the process takes jobs; then one reply for each job. */
export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly value: unknown }
  /** An expected failure, whose message is for the caller. */
  | { readonly kind: 'failure'; readonly code: FailureCode; readonly message: string }
  | { readonly kind: 'out-of-time' }
  /** Its stack, or one text or list, became too large. */
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'defect'; readonly message: string }
