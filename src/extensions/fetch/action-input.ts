/** The input of the action `fetch`, after the placeholders are filled. */
export interface FetchActionInput {
  /** A string (a bare URL or raw HTTP) or a plain object from YAML. It still contains reference tokens. */
  readonly request: unknown
  /** The settings in the head of the fenced block: `fetch/timeout=20000` gives `{ timeout: 20000 }`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Maps each token to the name of its reference, such as `CONTACT_NAME` or `SECRET_DEFAULT`. */
  readonly tokens: ReadonlyMap<string, string>
  /** The values of references, fixed at dispatch. Never secrets. */
  readonly references: Readonly<Record<string, string>>
  /** The id of the ability's own secret: what `SECRET_DEFAULT` means. Null: it has none. */
  readonly secretId: string | null
  readonly signal: AbortSignal
}
