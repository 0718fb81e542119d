import { type ProvidersOptions, registry } from '../../../src/models/providers.ts'

type Access = ProvidersOptions['access']

/** No provider is configured. Tests add theirs, so that one more provider changes none of them. */
export const noAccess = Object.fromEntries(Object.keys(registry).map((name) => [name, null])) as {
  readonly [Name in keyof Access]: null
}
