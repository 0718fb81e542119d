import type { Change, ResourceFields, ResourceKind } from './resource.ts'

/**
 * The name by which a resource can be found besides its id, and which no two of its kind and account share: a contact's
 * fingerprint, a secret's name as `${SECRET_NAME}` spells it. Null: it has none. Undefined: the change says nothing of it.
 */
export function handleOf<Kind extends ResourceKind>(
  kind: Kind,
  change: Change<ResourceFields[Kind]>,
): string | null | undefined {
  const { fingerprint, name } = change as { readonly fingerprint?: string | null; readonly name?: string | null }
  if (kind === 'contact') return fingerprint
  return kind === 'secret' && name != null ? secretHandle(name) : undefined
}

/** `weather key` is `WEATHER_KEY`. Null for a name without a letter or digit that a reference could spell. */
export function secretHandle(name: string): string | null {
  const handle = name.toUpperCase().replaceAll(/\W/g, '_')
  return /[A-Z0-9]/.test(handle) ? handle : null
}
