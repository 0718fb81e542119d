import { type Bots, type BotsDeps, createBots } from './bots.ts'
import { type Contacts, createContacts } from './contacts.ts'
import { createDatasets, type Datasets } from './datasets.ts'
import { createSecrets, type Secrets, type SecretsDeps } from './secrets.ts'
import { createSkillsets, type Skillsets } from './skillsets.ts'
import type { RecordStore } from './store.ts'

/** The resources that dispatches refer to. Another account's resources look exactly like missing ones. */
export interface Resources {
  readonly bots: Bots
  readonly contacts: Contacts
  readonly datasets: Datasets
  readonly skillsets: Skillsets
  readonly secrets: Secrets
}

export interface ResourcesDeps extends SecretsDeps {
  readonly records: RecordStore
  readonly resolveModel: BotsDeps['resolveModel']
}

export function createResources(deps: ResourcesDeps): Resources {
  const { store, ids } = deps
  return {
    bots: createBots(deps),
    contacts: createContacts(store, ids),
    datasets: createDatasets(deps),
    skillsets: createSkillsets(store, ids),
    secrets: createSecrets(deps),
  }
}
