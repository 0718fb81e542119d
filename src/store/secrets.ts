import { Failure, type InputIssue } from '../kernel/errors.ts'
import type { AccountId, Ids } from '../kernel/ids.ts'
import { type Collection, createCollection, knownId } from './collection.ts'
import type { Secret } from './resource.ts'
import type { SecretChange, SecretInput } from './resource-input.ts'
import type { ResourceStore } from './store.ts'
import type { Vault } from './vault.ts'

/** Write-only values; secret-opener.ts reads them. CONFLICT if another secret has the same spelling. */
export interface Secrets extends Collection<'secret'> {
  create(account: AccountId, input: SecretInput): Promise<Secret>
  update(account: AccountId, id: string, input: SecretChange): Promise<Secret>
}

export interface SecretsDeps {
  readonly store: ResourceStore
  /** Null: SECRETS_KEY is not configured, so no value can be stored. */
  readonly vault: Vault | null
  readonly ids: Ids
}

const valuePath = ['input', 'value']

export function createSecrets({ store, vault, ids }: SecretsDeps): Secrets {
  const { collection, create, update } = createCollection(store, 'secret')

  return {
    ...collection,
    async create(account, { name, type, value }) {
      const id = ids.resourceId('secret')
      const sealed = requireVault(vault, valuePath).seal({ account, id }, value)
      return create(account, { id, fields: { name, type: type ?? 'plain', sealed } })
    },
    async update(account, text, { type, value, ...name }) {
      const id = knownId(text, 'secret')
      return update(account, id, {
        fields: {
          ...name,
          ...(type !== undefined && { type: type ?? 'plain' }),
          ...(value !== undefined && { sealed: requireVault(vault, valuePath).seal({ account, id }, value) }),
        },
      })
    },
  }
}

export function requireVault(vault: Vault | null, path: InputIssue['path'] = []): Vault {
  if (vault !== null) return vault
  const message = 'This server has no SECRETS_KEY, so it cannot keep or use secrets.'
  throw new Failure('UNAVAILABLE', message, { issues: path.length === 0 ? [] : [{ path, message }] })
}
