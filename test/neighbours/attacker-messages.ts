export type ToAttacker =
  /** `name`: of the attack; null: only to compute. */
  | { readonly kind: 'attack'; readonly name: string | null; readonly url: string; readonly key: string }
  | { readonly kind: 'stop' }

export type FromAttacker =
  /** `host`: where its files are, for FETCH_ALLOW. */
  { readonly kind: 'ready'; readonly host: string } | { readonly kind: 'done'; readonly tally: string }
