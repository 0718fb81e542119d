import type { Model } from './model.ts'
import { formatModelName, type ModelName, parseModelName } from './model-name.ts'

/** Where models come from. */
export interface Provider {
  readonly id: string
  /** The models to show; `open` may know more of them. */
  models(): readonly { readonly id: string }[]
  /** Binds a model to its settings, without asking the network. */
  open(name: string, settings: Readonly<Record<string, string>>): Model | ModelProblem
}

export type ModelProblem =
  | { readonly kind: 'unknown-model' }
  /** `problem` is a sentence for the caller that names the setting and what it may be. */
  | { readonly kind: 'bad-setting'; readonly problem: string }

export interface Catalogue {
  /** The model of that name, the default one without a name, or a sentence for the caller on why there is none. */
  resolve(name?: string): { readonly model: Model } | { readonly problem: string }
  list(): readonly CatalogueEntry[]
}

export interface CatalogueEntry {
  /** What `resolve` takes: `provider:name`, or the name alone where the provider is called like it. */
  readonly id: string
  readonly provider: string
  readonly isDefault: boolean
}

export interface CatalogueOptions {
  readonly providers: readonly Provider[]
  readonly defaultModel: string
  /** Providers that there could be, with the environment variable that each is missing. */
  readonly unconfigured?: Readonly<Record<string, string>>
}

/** Throws an Error that names DEFAULT_MODEL when there is no such model. */
export function createCatalogue({ providers, defaultModel, unconfigured = {} }: CatalogueOptions): Catalogue {
  const byId = new Map(providers.map((provider) => [provider.id, provider]))
  const defaultName = parseModelName(defaultModel)
  if (typeof defaultName === 'string') throw new Error(`DEFAULT_MODEL: ${defaultName}`)

  const namesake = (name: string) => {
    const provider = byId.get(name)
    return provider?.models().some(({ id }) => id === name) ? provider : undefined
  }
  const ownerOf = ({ provider, name }: ModelName) => (provider === undefined ? namesake(name) : byId.get(provider))
  const defaultProvider = ownerOf(defaultName)

  const list = () => providers.flatMap(entriesOf)

  /** With the default model, even while its provider has not told what it serves. */
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
  if ('problem' in found) throw new Error(`DEFAULT_MODEL: ${found.problem}`)
  return { resolve, list }
}

/** A provider may serve hundreds of models, and a sentence is not the place for them. */
const maxListed = 20

function listed(names: Iterable<string>): string {
  const all = [...names]
  const more = all.length > maxListed ? `, and ${all.length - maxListed} more` : ''
  return all.slice(0, maxListed).join(', ') + more
}
