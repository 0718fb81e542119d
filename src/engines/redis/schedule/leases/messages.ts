import type { Lock } from './renewals.ts'

/** What the thread is started with. */
export interface LeaseThreadOptions {
  readonly url: string
  readonly name: string
  readonly queue: string
  readonly leaseMs: number
  readonly blockedMs: number
  /** One 32-bit number, which the starter counts up while its event loop turns. */
  readonly signs: Int32Array<SharedArrayBuffer>
}

export type ToThread =
  | { readonly kind: 'hold'; readonly hold: number; readonly lock: Lock }
  | { readonly kind: 'release'; readonly hold: number }

/** `ready` comes once, when locks are renewed. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly hold: number }
  | { readonly kind: 'error'; readonly error: unknown }
