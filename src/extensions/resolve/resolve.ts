import type { DispatchInput } from '../../conversation/input/dispatch-input.ts'
import { schemaIssues } from '../../conversation/input/function-input.ts'
import type { Limits } from '../../conversation/limits.ts'
import type { Message } from '../../conversation/message.ts'
import type { ModelPrice } from '../../conversation/price.ts'
import type { ConversationRequest } from '../../conversation/request.ts'
import type { SchemaChecks } from '../../conversation/schema/schema-checks.ts'
import { badInput, type InputIssue } from '../../kernel/errors.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import type { Resources } from '../../store/resources.ts'
import type { SecretOpener } from '../../store/secret-opener.ts'
import { type FeatureEffects, noEffects } from '../feature/effects.ts'
import { readFeatures } from '../feature/feature.ts'
import type { InstructionReader } from '../instruction/instruction-reader.ts'
import { mostFilled } from '../placeholder/filling.ts'
import { assemblePrompt, type PromptPart } from './assemble.ts'
import { references } from './prompt-reference.ts'
import { offerFunctions } from './resolve-functions.ts'
import { findReferred } from './resolve-references.ts'

export interface ResolveDeps {
  readonly resources: Resources
  readonly secrets: SecretOpener
  /** Returns the canonical name of a model, the default model for null, or a sentence that says what is wrong. */
  readonly model: (name: string | null) => KnownModel | { readonly problem: string }
  readonly defaultLimits: Limits
  /** What a model costs, by its canonical name; null: not known. */
  readonly priceOf: (model: string) => ModelPrice | null
  readonly checks: Pick<SchemaChecks, 'problems'>
  readonly instructions: InstructionReader
}

export interface KnownModel {
  readonly name: string
  readonly takesAnswerFormat: boolean
}

/** The dispatch as the port `preflight` passes it; see there. */
export interface ToResolve {
  readonly key: ChannelKey
  readonly input: DispatchInput
  readonly messages: readonly Message[]
  readonly createdAt: number
}

export interface Resolution {
  readonly request: ConversationRequest
  readonly botId: string | null
  readonly contactId: string | null
}

/**
 * Builds the request of a run from the input and the resources it refers to. Later changes to resources or
 * configuration do not affect the run. Reports all issues at once, by field; creates a contact only if there are none.
 */
export function createResolve(deps: ResolveDeps): (dispatch: ToResolve) => Promise<Resolution> {
  return async ({ key, input, messages, createdAt }) => {
    const { resources, secrets, instructions } = deps
    const referred = await findReferred(resources, key.account, input)
    const issues: InputIssue[] = []
    const effects = effectsOf(input, issues)
    const model = deps.model(input.model ?? referred.bot?.model ?? null)
    if ('problem' in model) {
      issues.push({
        path: ['input', input.model === null && referred.bot?.model ? 'botId' : 'model'],
        message: model.problem,
      })
    }
    const price = 'problem' in model ? null : deps.priceOf(model.name)
    if (input.limits.cost !== null && 'name' in model && price === null) {
      const message = `needs the price of the model "${model.name}", which MODEL_PRICES does not have`
      issues.push({ path: ['input', 'limits', 'cost'], message })
    }
    if (input.answerFormat !== null && 'name' in model && !model.takesAnswerFormat) {
      const message = `needs a provider that holds its models to a form; that of "${model.name}" does not`
      issues.push({ path: ['input', 'answerFormat'], message })
    }
    const offered = await offerFunctions({
      account: key.account,
      input,
      referred,
      effects,
      secrets,
      instructions,
      issues,
    })
    const wrong = await schemaIssues(input, (schemas) => deps.checks.problems(key.account, schemas))
    issues.push(...wrong.map((issue) => ({ ...issue, path: ['input', ...issue.path] })))
    if (issues.length > 0 || 'problem' in model) throw badInput(issues)

    const contact =
      input.contact === null ? referred.contact : await resources.contacts.ensure(key.account, input.contact)
    const timezone = input.timezone ?? 'UTC'
    const placeholders = references({
      contact,
      bot: referred.bot,
      timezone,
      now: createdAt,
      channelId: key.channel,
      effects,
    })
    const prompt = assemblePrompt({
      ...offered.sections,
      backstory: firstText(input.backstory, referred.bot?.backstory, lastBackstory(messages)),
      effects,
      extensionBackstory: input.extensions.backstory,
      references: placeholders,
    })
    if ('overfull' in prompt) {
      const path = pathOf(prompt.overfull, input)
      throw badInput([{ path, message: `has placeholders that fill in more than ${mostFilled} characters in all` }])
    }
    return {
      botId: referred.bot?.id ?? null,
      contactId: contact?.id ?? null,
      request: {
        model: model.name,
        backstory: prompt.text === '' ? null : prompt.text,
        functions: offered.functions,
        ...(input.answerFormat !== null && { answerFormat: input.answerFormat }),
        timezone,
        references: placeholders,
        datasets: offered.datasets,
        attachments: input.attachments.map(({ url }) => url),
        limits: {
          iterations: input.limits.iterations ?? deps.defaultLimits.iterations,
          // Half of a JSON text does not go on in another answer.
          continuations:
            input.limits.continuations ?? (input.answerFormat === null ? deps.defaultLimits.continuations : 0),
          calls: input.limits.calls ?? deps.defaultLimits.calls,
          ...(input.limits.tokens !== null && { tokens: input.limits.tokens }),
          ...(input.limits.cost !== null && { cost: input.limits.cost }),
          ...(input.limits.whenReached === 'pause' && { whenReached: input.limits.whenReached }),
        },
        ...(price !== null && { price }),
        timeoutSeconds: input.timeoutSeconds,
      },
    }
  }
}

/** The field through which the caller gave a part of the prompt. */
function pathOf(part: PromptPart, { backstory, botId, datasetId, skillsetId }: DispatchInput): InputIssue['path'] {
  const paths: Readonly<Record<PromptPart, readonly string[]>> = {
    backstory: [backstory !== null ? 'backstory' : botId !== null ? 'botId' : 'messages'],
    features: ['extensions', 'features'],
    dataset: [datasetId === null ? 'botId' : 'datasetId'],
    skillset: [skillsetId === null ? 'botId' : 'skillsetId'],
    inlineDatasets: ['extensions', 'datasets'],
    inlineSkillsets: ['extensions', 'skillsets'],
    extensionBackstory: ['extensions', 'backstory'],
  }
  return ['input', ...paths[part]]
}

function effectsOf({ extensions }: DispatchInput, issues: InputIssue[]): FeatureEffects {
  const reading = readFeatures(extensions.features)
  if ('effects' in reading) return reading.effects
  const path = ['input', 'extensions', 'features']
  issues.push(...reading.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })))
  return noEffects
}

/** An empty text counts as absent. */
function firstText(...texts: readonly (string | null | undefined)[]): string | null {
  return texts.find((text) => text != null && text !== '') ?? null
}

function lastBackstory(messages: readonly Message[]): string | null {
  return messages.findLast(({ type }) => type === 'backstory')?.text ?? null
}
