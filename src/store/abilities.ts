import { extensionBounds } from '../conversation/input/extensions-input.ts'
import { Failure } from '../kernel/errors.ts'
import type { AccountId, Ids } from '../kernel/ids.ts'
import { createCollection, knownId, notFound } from './collection.ts'
import { checkReferences } from './references.ts'
import type { Ability } from './resource.ts'
import type { AbilityChange, parseAbilityInput } from './resource-input.ts'
import type { ResourceStore } from './store.ts'

/**
 * Changes single abilities of a stored skillset. The others keep their ids, and two concurrent changes both take
 * effect. `skillset` is its id. NOT_FOUND for an unknown skillset, ability or secret; LIMIT_EXCEEDED when the skillset
 * is full.
 */
export interface Abilities {
  create(account: AccountId, skillset: string, input: ReturnType<typeof parseAbilityInput>): Promise<Ability>
  update(account: AccountId, name: AbilityName, input: AbilityChange): Promise<Ability>
  remove(account: AccountId, name: AbilityName): Promise<void>
}

export interface AbilityName {
  readonly skillset: string
  readonly id: string
}

export function createAbilities(store: ResourceStore, ids: Ids): Abilities {
  const { collection } = createCollection(store, 'skillset')

  /**
   * Compare and set: abilities are written as a whole, so the write succeeds only on the version that was read, and is
   * retried otherwise.
   */
  const change = async (account: AccountId, skillset: string, to: (from: readonly Ability[]) => readonly Ability[]) => {
    const id = knownId(skillset, 'skillset')
    for (;;) {
      const found = await collection.find(account, id)
      if (found === null) throw notFound('skillset')
      const fields = { abilities: to(found.abilities) }
      const reply = await store.update({ account, kind: 'skillset' }, id, { fields, ifUnchangedSince: found.updatedAt })
      if (reply === null) throw notFound('skillset')
      if (reply.outcome === 'written') return
    }
  }
  const checkSecret = (account: AccountId, id: string | null | undefined) =>
    checkReferences(store, account, [{ kind: 'secret', id, path: ['input', 'secretId'] }])

  return {
    async create(account, skillset, input) {
      await checkSecret(account, input.secretId)
      const ability: Ability = { id: ids.resourceId('ability'), secretId: null, meta: null, ...input }
      await change(account, skillset, (abilities) => {
        // After a lost reply the ability may already be there.
        const others = abilities.filter(({ id }) => id !== ability.id)
        if (others.length >= extensionBounds.abilities) throw full()
        return [...others, ability]
      })
      return ability
    },

    async update(account, { skillset, id }, input) {
      await checkSecret(account, input.secretId)
      let changed: Ability | undefined
      await change(account, skillset, (abilities) => {
        const found = abilities.find((ability) => ability.id === id)
        if (found === undefined) throw notFound('ability')
        const after = { ...found, ...input }
        changed = after
        return abilities.map((ability) => (ability.id === id ? after : ability))
      })
      if (changed === undefined) throw notFound('ability')
      return changed
    },

    async remove(account, { skillset, id }) {
      let wasThere = false
      await change(account, skillset, (abilities) => {
        const others = abilities.filter((ability) => ability.id !== id)
        wasThere ||= others.length < abilities.length
        if (!wasThere) throw notFound('ability')
        return others
      })
    },
  }
}

function full(): Failure {
  const message = `a skillset takes at most ${extensionBounds.abilities} abilities`
  return new Failure('LIMIT_EXCEEDED', `input: ${message}`, { issues: [{ path: ['input'], message }] })
}
