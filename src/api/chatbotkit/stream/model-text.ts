/** A model as the vendor's client may give it: a name, or a name and its settings. */
export type ModelInput =
  | string
  | { readonly name: string; readonly config?: Readonly<Record<string, unknown>> | null | undefined }

/** `name/key=value`; settings that are absent, empty or false are left out. The vendor's client leaves 0 out as well. */
export function modelText(model: ModelInput | null | undefined): string | null {
  if (model == null) return null
  if (typeof model === 'string') return model === '' ? null : model
  const settings = Object.entries(model.config ?? {}).filter(
    ([, value]) => value != null && value !== '' && value !== false,
  )
  return [model.name, ...settings.map(([key, value]) => `${key}=${String(value).replaceAll('/', '%2F')}`)].join('/')
}
