/** A model in the form of the vendor's client: a name, or a name with settings. */
export type ModelInput =
  | string
  | { readonly name: string; readonly config?: Readonly<Record<string, unknown>> | null | undefined }

/** The model as `name/key=value`. Omits settings that are absent, empty or false. The vendor's client omits 0 as well. */
export function modelText(model: ModelInput | null | undefined): string | null {
  if (model == null) return null
  if (typeof model === 'string') return model === '' ? null : model
  const settings = Object.entries(model.config ?? {}).filter(
    ([, value]) => value != null && value !== '' && value !== false,
  )
  return [model.name, ...settings.map(([key, value]) => `${key}=${String(value).replaceAll('/', '%2F')}`)].join('/')
}
