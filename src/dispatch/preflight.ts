/** What this server can do, so that a dispatch that asks for more is refused at once. app.ts wires it. */
export interface Preflight {
  /** The canonical name of a model, the default's for null; or a sentence for the caller. */
  model(name: string | null): { readonly name: string } | { readonly problem: string }
  models(): readonly ModelInfo[]
}

export interface ModelInfo {
  /** What a dispatch names it by. */
  readonly id: string
  readonly provider: string
  readonly isDefault: boolean
}
