interface ErrorLike {
  readonly message: string
  readonly extensions?: { readonly [name: string]: unknown } | undefined
}

/** The service's own answer that it will not do this: coming back with the same words does not help. */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** `CURSOR_EXPIRED`: read the snapshot and watch behind its cursor. `UNAVAILABLE`: this one does pass. */
  readonly code: string

  constructor(errors: readonly ErrorLike[] | undefined) {
    super(errors?.map(({ message }) => message).join(' ') ?? 'The service refused.')
    this.code = String(errors?.[0]?.extensions?.['code'] ?? 'INTERNAL')
  }
}
