import type { AccountId, Ids } from '../kernel/ids.ts'
import { type Abilities, createAbilities } from './abilities.ts'
import { type Collection, createCollection } from './collection.ts'
import { checkReferences } from './references.ts'
import type { Ability, Skillset } from './resource.ts'
import type { AbilityInput, SkillsetChange, SkillsetInput } from './resource-input.ts'
import type { ResourceStore } from './store.ts'

/** Writing a skillset checks that the secrets of its abilities exist. */
export interface Skillsets extends Collection<'skillset'> {
  create(account: AccountId, input: SkillsetInput): Promise<Skillset>
  /** Given abilities replace all existing ones; they get new ids. */
  update(account: AccountId, id: string, input: SkillsetChange): Promise<Skillset>
  readonly abilities: Abilities
}

export function createSkillsets(store: ResourceStore, ids: Ids): Skillsets {
  const { collection, create, update } = createCollection(store, 'skillset')

  const minted = async (account: AccountId, abilities: readonly AbilityInput[]): Promise<readonly Ability[]> => {
    const references = abilities.map(({ secretId }, index) => ({
      kind: 'secret' as const,
      id: secretId,
      path: ['input', 'abilities', index, 'secretId'],
    }))
    await checkReferences(store, account, references)
    return abilities.map((ability) => ({ id: ids.resourceId('ability'), ...ability }))
  }

  return {
    ...collection,
    async create(account, { abilities, ...given }) {
      const fields = { name: null, description: null, ...given, abilities: await minted(account, abilities) }
      return create(account, { id: ids.resourceId('skillset'), fields })
    },
    async update(account, id, { abilities, ...given }) {
      const fields = abilities === undefined ? given : { ...given, abilities: await minted(account, abilities ?? []) }
      return update(account, id, { fields })
    },
    abilities: createAbilities(store, ids),
  }
}
