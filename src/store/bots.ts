import { badInput } from '../kernel/errors.ts'
import type { AccountId, Ids } from '../kernel/ids.ts'
import { type Collection, createCollection } from './collection.ts'
import { checkReferences } from './references.ts'
import type { Bot, BotFields } from './resource.ts'
import type { BotInput } from './resource-input.ts'
import type { ResourceStore } from './store.ts'

/** Writing a bot checks that its model is configured on this server and that its dataset and skillset exist. */
export interface Bots extends Collection<'bot'> {
  create(account: AccountId, input: BotInput): Promise<Bot>
  update(account: AccountId, id: string, input: BotInput): Promise<Bot>
}

export interface BotsDeps {
  readonly store: ResourceStore
  readonly ids: Ids
  /** Finds a model of this server by its name, or returns a sentence that says what is wrong. */
  readonly resolveModel: (name: string) => { readonly name: string } | { readonly problem: string }
}

const blank: BotFields = {
  name: null,
  description: null,
  model: null,
  backstory: null,
  datasetId: null,
  skillsetId: null,
}

export function createBots({ store, ids, resolveModel }: BotsDeps): Bots {
  const { collection, create, update } = createCollection(store, 'bot')

  const check = async (account: AccountId, { model, datasetId, skillsetId }: BotInput) => {
    const resolved = model == null ? null : resolveModel(model)
    if (resolved !== null && 'problem' in resolved)
      throw badInput([{ path: ['input', 'model'], message: resolved.problem }])
    await checkReferences(store, account, [
      { kind: 'dataset', id: datasetId, path: ['input', 'datasetId'] },
      { kind: 'skillset', id: skillsetId, path: ['input', 'skillsetId'] },
    ])
  }

  return {
    ...collection,
    async create(account, input) {
      await check(account, input)
      return create(account, { id: ids.resourceId('bot'), fields: { ...blank, ...input } })
    },
    async update(account, id, input) {
      await check(account, input)
      return update(account, id, { fields: input })
    },
  }
}
