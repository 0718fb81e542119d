interface ErrorLike {
  readonly message: string
  readonly extensions?: { readonly [name: string]: unknown } | undefined
}

/** The service refused the request; sending the same request again does not help. */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** `CURSOR_EXPIRED`: read the snapshot and watch after its cursor. `UNAVAILABLE`: this one is temporary. */
  readonly code: string

  constructor(errors: readonly ErrorLike[] | undefined) {
    super(errors?.map(({ message }) => message).join(' ') ?? 'The service refused.')
    this.code = String(errors?.[0]?.extensions?.['code'] ?? 'INTERNAL')
  }
}
