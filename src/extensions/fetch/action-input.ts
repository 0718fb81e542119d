/** What an ability hands to the action `fetch`, once its placeholders are filled. */
export interface FetchActionInput {
  /** A string (a bare URL or raw HTTP) or a plain object from YAML. Reference tokens still stand inside. */
  readonly request: unknown
  /** The parameters of the fence's head: `fetch/timeout=20000` gives `{ timeout: 20000 }`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Token -> the name of the reference it stands for, such as `CONTACT_NAME` or `SECRET_DEFAULT`. */
  readonly tokens: ReadonlyMap<string, string>
  /** The values of references, fixed at dispatch. Secrets are never among them. */
  readonly references: Readonly<Record<string, string>>
  /** The secret that the ability goes with: what `SECRET_DEFAULT` means. */
  readonly secretId: string | null
  readonly signal: AbortSignal
}
