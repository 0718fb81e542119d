import { type DatasetSpec, recordBytes } from '../../conversation/dataset.ts'
import type { FunctionSpec } from '../../conversation/function.ts'
import type { DispatchInput } from '../../conversation/input/dispatch-input.ts'
import { Failure, type InputIssue } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { SecretOpener } from '../../store/secret-opener.ts'
import { type AbilityToOffer, offerAbilities, type SecretUse } from '../ability/ability-function.ts'
import { placeDatasets } from '../dataset/dataset.ts'
import type { FeatureEffects } from '../feature/effects.ts'
import { requireJustification } from '../feature/justification.ts'
import type { InstructionReader } from '../instruction/instruction-reader.ts'
import type { PromptParts } from './assemble.ts'
import type { Referred } from './resolve-references.ts'

/** The most functions that providers accept. */
const mostFunctions = 128
/**
 * The most bytes of searchable records in a run, as JSON. They are stored with the request, and the worker indexes
 * them.
 */
const mostSearchedBytes = 16_000_000

export interface ToOfferFunctions {
  readonly account: AccountId
  readonly input: DispatchInput
  readonly referred: Referred
  readonly effects: FeatureEffects
  readonly secrets: SecretOpener
  readonly instructions: InstructionReader
  /** Receives every issue that is found. */
  readonly issues: InputIssue[]
}

export interface OfferedFunctions {
  readonly functions: readonly FunctionSpec[]
  readonly datasets: readonly DatasetSpec[]
  /** The sections of the prompt about datasets and skillsets. */
  readonly sections: Pick<PromptParts, 'datasets' | 'skillsets' | 'inlineDatasets' | 'inlineSkillsets'>
}

/**
 * All functions of a run: those of the caller, whose names never change, then abilities of features and skillsets, then
 * searches of datasets. NOT_FOUND if an ability uses a secret that the account does not have.
 */
export async function offerFunctions(offer: ToOfferFunctions): Promise<OfferedFunctions> {
  const { account, input, referred, effects, secrets, issues } = offer
  const { datasets, skillsets } = input.extensions
  const inlineDatasets = effects.off.includes('inlineDatasets') ? [] : datasets
  const inlineSkillsets = effects.off.includes('inlineSkillsets') ? [] : skillsets
  const own = effects.off.includes('functions') ? [] : input.functions

  const taken = new Set(own.map(({ name }) => name))
  const offered = [
    ...effects.abilities.map((ability) => ({
      ...ability,
      secretId: null,
      path: ['input', 'extensions', 'features'],
    })),
    ...storedAbilities(referred, input),
    ...inlineSkillsets.flatMap((skillset, index) =>
      skillset.abilities.map((ability, at) => {
        return { ...ability, path: ['input', 'extensions', 'skillsets', index, 'abilities', at] }
      }),
    ),
  ]
  const compile = await offer.instructions.read(
    account,
    offered.map(({ instruction }) => instruction),
  )
  const abilities = offerAbilities(offered, taken, compile)
  issues.push(...abilities.issues)
  await checkSecrets(secrets, account, abilities.secrets)

  const placed = placeDatasets({
    stored: referred.dataset === null ? [] : [referred.dataset],
    inline: inlineDatasets,
    functions: [...own, ...abilities.functions],
    compile,
  })
  if (placed.datasets.length === 0) {
    const message = 'searches, but the dispatch has no dataset with records'
    issues.push(...abilities.searches.map((path) => ({ path, message })))
  }
  if (bytesOf(placed.datasets) > mostSearchedBytes) {
    const message = `all that is to be searched takes at most ${mostSearchedBytes} bytes of records`
    issues.push({ path: ['input', 'extensions', 'datasets'], message })
  }
  const functions = [...own, ...abilities.functions, ...placed.functions]
  if (functions.length > mostFunctions) {
    const message = `makes ${functions.length} functions with all abilities and datasets; a model takes at most ${mostFunctions}`
    issues.push({ path: ['input', 'functions'], message })
  }
  return {
    functions: effects.asksWhy
      ? functions.map((spec) => ({ ...spec, parameters: requireJustification(spec.parameters) }))
      : functions,
    datasets: placed.datasets,
    sections: {
      datasets: placed.stored,
      skillsets: referred.skillset === null ? [] : [referred.skillset],
      inlineDatasets: placed.inline,
      inlineSkillsets,
    },
  }
}

function storedAbilities({ skillset }: Referred, input: DispatchInput): readonly AbilityToOffer[] {
  // The error belongs to the skillset; the path names the field through which the caller referred to it.
  const path = ['input', input.skillsetId === null ? 'botId' : 'skillsetId']
  return (skillset?.abilities ?? []).map(({ name, description, instruction, secretId, needsApproval }) => {
    return { name, description, instruction, secretId, needsApproval, path: [...path, name] }
  })
}

function bytesOf(datasets: readonly DatasetSpec[]): number {
  return datasets.flatMap(({ records }) => records).reduce((sum, record) => sum + recordBytes(record), 0)
}

async function checkSecrets(secrets: SecretOpener, account: AccountId, uses: readonly SecretUse[]): Promise<void> {
  const missing = await Promise.all(
    uses.map(async ({ by, text, path }): Promise<readonly InputIssue[]> => {
      const secret = by === 'id' ? await secrets.open(account, text) : await secrets.openByName(account, text)
      if (secret !== null) return []
      return [{ path, message: by === 'id' ? 'there is no secret by that id' : `there is no secret named ${text}` }]
    }),
  )
  const issues = missing.flat()
  if (issues.length === 0) return
  const message = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new Failure('NOT_FOUND', message, { issues })
}
