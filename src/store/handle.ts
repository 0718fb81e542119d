import type { Change, ResourceFields, ResourceKind } from './resource.ts'

/**
 * The handle of a resource: a second unique key besides its id, within its account and kind. It is the fingerprint of a
 * contact, or the name of a secret as `${SECRET_NAME}` spells it. Null: the resource has no handle. Undefined: the
 * change does not touch it.
 */
export function handleOf<Kind extends ResourceKind>(
  kind: Kind,
  change: Change<ResourceFields[Kind]>,
): string | null | undefined {
  const { fingerprint, name } = change as { readonly fingerprint?: string | null; readonly name?: string | null }
  if (kind === 'contact') return fingerprint
  return kind === 'secret' && name != null ? secretHandle(name) : undefined
}

/** The spelling of a name in references: `weather key` is `WEATHER_KEY`. Null for a name without a letter or digit. */
export function secretHandle(name: string): string | null {
  const handle = name.toUpperCase().replaceAll(/\W/g, '_')
  return /[A-Z0-9]/.test(handle) ? handle : null
}
