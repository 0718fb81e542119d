import { Failure } from '../kernel/errors.ts'
import type { Model } from './model.ts'
import { formatModelName, type ModelName, parseModelName } from './model-name.ts'

/** A source of models. */
export interface Provider {
  readonly id: string
  /** The models to list. `open` may accept others. */
  models(): readonly { readonly id: string }[]
  /** Binds a model to its settings, without a network request. */
  open(name: string, settings: Readonly<Record<string, string>>): Model | ModelProblem
}

export type ModelProblem =
  | { readonly kind: 'unknown-model' }
  /** `problem` is a sentence for the caller that names the setting and its accepted values. */
  | { readonly kind: 'bad-setting'; readonly problem: string }

export interface Catalogue {
  /**
   * Finds the model with this name, or the default model without a name; otherwise returns a sentence for the caller
   * that says why there is none.
   */
  resolve(name?: string): { readonly model: Model } | { readonly problem: string }
  list(): readonly CatalogueEntry[]
}

export interface CatalogueEntry {
  /** The name for `resolve`: `provider:name`, or the name alone if the provider has the same name. */
  readonly id: string
  readonly provider: string
  readonly isDefault: boolean
}

export interface CatalogueOptions {
  readonly providers: readonly Provider[]
  readonly defaultModel: string
  /** Unconfigured providers, each with its missing environment variable. */
  readonly unconfigured?: Readonly<Record<string, string>>
}

/** Throws a Failure that names DEFAULT_MODEL if there is no such model. */
export function createCatalogue({ providers, defaultModel, unconfigured = {} }: CatalogueOptions): Catalogue {
  const byId = new Map(providers.map((provider) => [provider.id, provider]))
  const defaultName = parseModelName(defaultModel)
  if (typeof defaultName === 'string') throw badDefault(defaultName)

  const namesake = (name: string) => {
    const provider = byId.get(name)
    return provider?.models().some(({ id }) => id === name) ? provider : undefined
  }
  const ownerOf = ({ provider, name }: ModelName) => (provider === undefined ? namesake(name) : byId.get(provider))
  const defaultProvider = ownerOf(defaultName)

  const list = () => providers.flatMap(entriesOf)

  /** Includes the default model even before its provider has reported its list. */
  const entriesOf = (provider: Provider): readonly CatalogueEntry[] => {
    const names = provider.models().map(({ id }) => id)
    const isTheirs = provider === defaultProvider && !names.includes(defaultName.name)
    return (isTheirs ? [defaultName.name, ...names] : names).map((name) => ({
      id: name === provider.id ? name : formatModelName({ provider: provider.id, name, settings: {} }),
      provider: provider.id,
      isDefault: provider === defaultProvider && name === defaultName.name,
    }))
  }

  const resolve: Catalogue['resolve'] = (text = defaultModel) => {
    const name = parseModelName(text)
    if (typeof name === 'string') return { problem: name }
    if (name.provider !== undefined && !byId.has(name.provider)) {
      const variable = Object.hasOwn(unconfigured, name.provider) ? unconfigured[name.provider] : undefined
      if (variable !== undefined) {
        return { problem: `The provider ${JSON.stringify(name.provider)} is not configured: ${variable} is not set.` }
      }
      return { problem: `There is no provider ${JSON.stringify(name.provider)}. Configured: ${listed(byId.keys())}.` }
    }
    const opened = (ownerOf(name) ?? defaultProvider)?.open(name.name, name.settings)
    if (opened && !('kind' in opened)) return { model: opened }
    if (opened?.kind === 'bad-setting') return { problem: opened.problem }
    const asked = formatModelName({ ...name, settings: {} })
    const ids = list().map(({ id }) => id)
    return { problem: `There is no model ${JSON.stringify(asked)}. Configured: ${listed(ids)}.` }
  }

  const found = resolve()
  if ('problem' in found) throw badDefault(found.problem)
  return { resolve, list }
}

function badDefault(problem: string): Failure {
  const form = 'It takes demo or provider:name, such as openai:gpt-5.4 or compatible:llama3.2.'
  return new Failure('BAD_USER_INPUT', `DEFAULT_MODEL: ${problem} ${form}`)
}

/** A provider may serve hundreds of models, too many for one sentence. */
const maxListed = 20

function listed(names: Iterable<string>): string {
  const all = [...names]
  const more = all.length > maxListed ? `, and ${all.length - maxListed} more` : ''
  return all.slice(0, maxListed).join(', ') + more
}
