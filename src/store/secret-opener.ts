import { type AccountId, parseResourceId } from '../kernel/ids.ts'
import { secretHandle } from './handle.ts'
import type { Secret, SecretType } from './resource.ts'
import { requireVault } from './secrets.ts'
import type { ResourceStore } from './store.ts'
import type { Vault } from './vault.ts'

export interface OpenedSecret {
  readonly type: SecretType
  readonly value: string
}

/** Opens sealed secrets. Only workers have it, no API. UNAVAILABLE if the key of a value is not configured. */
export interface SecretOpener {
  /** Null if the account has none with this id. */
  open(account: AccountId, id: string): Promise<OpenedSecret | null>
  /** By the part after `SECRET_` in `${SECRET_NAME}`, in any case. */
  openByName(account: AccountId, name: string): Promise<OpenedSecret | null>
}

export function createSecretOpener(store: ResourceStore, vault: Vault | null): SecretOpener {
  const opened = (account: AccountId, secret: Secret | null): OpenedSecret | null => {
    if (secret === null) return null
    const { id, type, sealed } = secret
    return { type, value: requireVault(vault).open({ account, id }, sealed) }
  }

  return {
    async open(account, text) {
      const id = parseResourceId(text)
      const [secret] = id === null ? [] : await store.find({ account, kind: 'secret' }, [id])
      return opened(account, secret ?? null)
    },
    async openByName(account, name) {
      const handle = secretHandle(name)
      if (handle === null) return null
      return opened(account, await store.findByHandle({ account, kind: 'secret' }, handle))
    },
  }
}
