import type { Json } from '../placeholder/value.ts'

const family = /^(SECRET|CONTACT|USER|CONVERSATION|BOT|EARTH|ELAPSED|SPACE|FILE|TASK|NAMESPACE|EXTERNAL)_\w+$/

/** Whether `${NAME}` is a reference to a value of the run or to a secret; otherwise it is a field. */
export function isReferenceName(name: string): boolean {
  return family.test(name)
}

export function isSecretName(name: string): boolean {
  return name.startsWith('SECRET_')
}

export type Resolved =
  | { readonly kind: 'resolved'; readonly value: Json }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Replaces reference tokens with their values in every text of a value, but not in keys. It makes one pass, so values
 * are not scanned again. A reference without a value becomes empty. A secret is refused by name: secrets belong in
 * header values only, which the action `fetch` fills itself.
 */
export function resolveReferences(
  value: Json,
  tokens: ReadonlyMap<string, string>,
  references: Readonly<Record<string, string>>,
): Resolved {
  if (tokens.size === 0) return { kind: 'resolved', value }
  const anyToken = new RegExp([...tokens.keys()].map((token) => token.replaceAll(/\W/g, '\\$&')).join('|'), 'g')
  const secrets = new Set<string>()
  const resolveText = (text: string) =>
    text.replaceAll(anyToken, (token) => {
      const name = tokens.get(token) ?? ''
      if (isSecretName(name)) secrets.add(name)
      return Object.hasOwn(references, name) ? (references[name] ?? '') : ''
    })
  const resolve = (part: Json): Json => {
    if (typeof part === 'string') return resolveText(part)
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return part.map(resolve)
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, resolve(inner)]))
  }
  const resolved = resolve(value)
  if (secrets.size === 0) return { kind: 'resolved', value: resolved }
  return { kind: 'refused', message: secretOutsideHeader([...secrets].join(', ')) }
}

export function secretOutsideHeader(name: string): string {
  return `${name} is used in a place that takes no secret: secrets are filled into the header values of a fetch only.`
}
