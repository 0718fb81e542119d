export interface ModelName {
  /** Absent: a bare name; the catalogue finds its provider. */
  readonly provider?: string
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Parses `provider:name/key=value/…`, or returns a sentence that says what is wrong. Only the first colon separates, so
 * a name may contain more (`compatible:llama3.2:3b`); a slash inside a name or a value is written `%2F`.
 */
export function parseModelName(text: string): ModelName | string {
  const [head = '', ...pairs] = text.split('/')
  const colon = head.indexOf(':')
  const provider = head.slice(0, Math.max(colon, 0))
  const name = unescapeSlash(head.slice(colon + 1))
  if (colon === 0) return `The model name ${JSON.stringify(text)} names no provider before its colon.`
  if (name === '') return `The model name ${JSON.stringify(text)} names no model.`

  const settings = new Map<string, string>()
  for (const pair of pairs) {
    const [, key, value] = /^([a-z][a-z0-9]*)=(.+)$/is.exec(pair) ?? []
    if (key === undefined || value === undefined) {
      return `The model name ${JSON.stringify(text)} holds ${JSON.stringify(pair)} where a setting like key=value belongs.`
    }
    if (settings.has(key)) return `The model name ${JSON.stringify(text)} sets ${key} twice.`
    settings.set(key, unescapeSlash(value))
  }
  return { ...(colon > 0 && { provider }), name, settings: Object.fromEntries(settings) }
}

/** The inverse of `parseModelName`. Settings are in the order of their keys. */
export function formatModelName({ provider, name, settings }: ModelName): string {
  const head = provider === undefined ? name : `${provider}:${name}`
  const pairs = Object.keys(settings)
    .sort()
    .map((key) => `${key}=${settings[key]}`)
  return [head, ...pairs].map((segment) => segment.replaceAll('/', '%2F')).join('/')
}

function unescapeSlash(text: string): string {
  return text.replaceAll(/%2f/gi, '/')
}
