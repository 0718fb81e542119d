import type { DatasetSpec } from '../../conversation/dataset.ts'
import type { FunctionSpec } from '../../conversation/function.ts'
import { type AbilityToOffer, offerAbilities } from '../ability/ability-function.ts'
import { compileInstruction } from '../instruction/instruction.ts'
import type { CompileInstruction } from '../instruction/instruction-reader.ts'
import { type DatasetSection, datasetSection, type NamedDataset, sectionTokens } from './section.ts'

/** The token budget for datasets in the prompt: per dataset, and in total. */
const datasetTokens = { each: 2000, together: 4000 } as const

export interface DatasetPlacing {
  /** The datasets that the dispatch or its bot refers to. They are placed first and use the budget first. */
  readonly stored: readonly NamedDataset[]
  readonly inline: readonly NamedDataset[]
  /**
   * The functions of the run so far. If one of them searches datasets, the run also keeps the datasets that are in the
   * prompt.
   */
  readonly functions: readonly FunctionSpec[]
  readonly compile?: CompileInstruction
}

export interface PlacedDatasets {
  readonly stored: readonly DatasetSection[]
  readonly inline: readonly DatasetSection[]
  /** The search functions. Their names do not clash with `DatasetPlacing.functions`. */
  readonly functions: readonly FunctionSpec[]
  /** The datasets to store with the request. `dataset=0` in an instruction means the first one. */
  readonly datasets: readonly DatasetSpec[]
}

/**
 * Puts small datasets into the prompt, in their order, and makes a search function for each of the others. Ignores
 * datasets without records.
 */
export function placeDatasets({
  stored,
  inline,
  functions,
  compile = compileInstruction,
}: DatasetPlacing): PlacedDatasets {
  const isKept = functions.some((each) => searches(each, compile))
  const abilities: AbilityToOffer[] = []
  const datasets: DatasetSpec[] = []
  let left: number = datasetTokens.together

  const place = (kind: 'Dataset' | 'Inline Dataset', dataset: NamedDataset): readonly DatasetSection[] => {
    const { records } = dataset
    if (records.length === 0) return []
    const section = datasetSection(kind, dataset)
    const tokens = sectionTokens(section)
    const isShown = tokens <= Math.min(datasetTokens.each, left)
    if (isShown) left -= tokens
    else abilities.push(searchAbility(dataset, datasets.length))
    if (!isShown || isKept) datasets.push({ name: titleOf(dataset) ?? 'dataset', records })
    return isShown ? [section] : []
  }
  const sections = {
    stored: stored.flatMap((dataset) => place('Dataset', dataset)),
    inline: inline.flatMap((dataset) => place('Inline Dataset', dataset)),
  }
  const offered = offerAbilities(abilities, new Set(functions.map(({ name }) => name)))
  if (offered.issues.length > 0) throw new Error(`A search cannot be offered: ${JSON.stringify(offered.issues)}`)
  return { ...sections, functions: offered.functions, datasets }
}

function searches({ answer }: FunctionSpec, compile: CompileInstruction): boolean {
  if (answer.kind !== 'ability') return false
  const result = compile(answer.ability.instruction)
  return result.kind === 'compiled' && result.instruction.action === 'search'
}

function searchAbility(dataset: NamedDataset, index: number): AbilityToOffer {
  const title = titleOf(dataset)
  const what = title === null ? 'a dataset' : `the dataset ${JSON.stringify(title)}`
  return {
    name: functionName(dataset.name),
    description: `Searches ${what} and gives the passages that fit best. ${dataset.description ?? ''}`.trim(),
    instruction: `\`\`\`search/dataset=${index}\n$[query!|what to look for: a question, or the words that should be there]\n\`\`\``,
    secretId: null,
    path: [],
  }
}

function titleOf({ name }: NamedDataset): string | null {
  return name === null || name.trim() === '' ? null : name.trim()
}

/** `search_` followed by the dataset's name, reduced to letters, digits and `_`. */
function functionName(name: string | null): string {
  const words = (name ?? '').normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = words.replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return `search_${slug === '' ? 'dataset' : slug}`.slice(0, 64).replace(/_+$/, '')
}
