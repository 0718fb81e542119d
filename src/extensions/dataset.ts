import type { DatasetSpec } from '../conversation/dataset.ts'
import type { FunctionSpec } from '../conversation/function.ts'
import { abilitySpec } from './call-ability-spec.ts'
import { type DatasetSection, datasetSection, type NamedDataset, sectionTokens } from './dataset-section.ts'

/** Tokens of the datasets that stand in the prompt: of one, and of all together. */
export const datasetTokens = { each: 2000, together: 4000 } as const

export interface DatasetPlacing {
  /** Referred to by the dispatch or its bot. Placed first, so they have the first claim on the prompt. */
  readonly stored: readonly NamedDataset[]
  readonly inline: readonly NamedDataset[]
  /** Names of functions that are taken. */
  readonly taken: Iterable<string>
  /** An ability of the run searches: then the run keeps those that stand in the prompt, too. */
  readonly isSearched: boolean
}

export interface PlacedDatasets {
  readonly stored: readonly DatasetSection[]
  readonly inline: readonly DatasetSection[]
  readonly functions: readonly FunctionSpec[]
  /** For the request. `dataset=0` of a function's instruction is the first of these. */
  readonly datasets: readonly DatasetSpec[]
}

/** Puts datasets that are small enough into the prompt, and makes a search function of every other one. */
export function placeDatasets({ stored, inline, taken, isSearched }: DatasetPlacing): PlacedDatasets {
  const names = new Set(taken)
  const functions: FunctionSpec[] = []
  const datasets: DatasetSpec[] = []
  let left: number = datasetTokens.together

  const place = (kind: 'Dataset' | 'Inline Dataset', dataset: NamedDataset): readonly DatasetSection[] => {
    const { records } = dataset
    if (records.length === 0) return []
    const spec = { name: titleOf(dataset) ?? 'dataset', records }
    const section = fitting(datasetSection(kind, dataset), left)
    if (section !== null) {
      left -= sectionTokens(section)
      if (isSearched) datasets.push(spec)
      return [section]
    }
    const name = freeName(dataset.name, names)
    names.add(name)
    functions.push(searchFunction(name, dataset, datasets.length))
    datasets.push(spec)
    return []
  }
  return {
    stored: stored.flatMap((dataset) => place('Dataset', dataset)),
    inline: inline.flatMap((dataset) => place('Inline Dataset', dataset)),
    functions,
    datasets,
  }
}

function fitting(section: DatasetSection, left: number): DatasetSection | null {
  return sectionTokens(section) <= Math.min(datasetTokens.each, left) ? section : null
}

function searchFunction(name: string, dataset: NamedDataset, index: number): FunctionSpec {
  const title = titleOf(dataset)
  const what = title === null ? 'a dataset' : `the dataset ${JSON.stringify(title)}`
  const description = `Searches ${what} and gives the passages that fit best. ${dataset.description ?? ''}`.trim()
  const instruction = `\`\`\`search/dataset=${index}\n$[query!|what to look for: a question, or the words that should be there]\n\`\`\``
  const made = abilitySpec({ name, description, instruction, secretId: null })
  if ('problem' in made) throw new Error(made.problem)
  return made.spec
}

function titleOf({ name }: NamedDataset): string | null {
  return name === null || name.trim() === '' ? null : name.trim()
}

/** `search_` and the dataset's name in letters, digits and `_`; numbered when it is taken. */
function freeName(name: string | null, taken: ReadonlySet<string>): string {
  const words = (name ?? '').normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = words.replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
  const plain = `search_${slug === '' ? 'dataset' : slug}`.slice(0, 60).replace(/_+$/, '')
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? plain : `${plain}_${number}`
    if (!taken.has(candidate)) return candidate
  }
}
