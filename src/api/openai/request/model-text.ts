import { badInput } from '../../../kernel/errors.ts'
import { parseResourceId } from '../../../kernel/ids.ts'
import type { CreateBody } from './create-body.ts'

/** The settings of a model, by what they are called in its name, and the parameters that they come from. */
const settings = {
  temperature: { of: ({ temperature }: CreateBody) => temperature, parameter: ['temperature'] },
  topP: { of: ({ top_p }: CreateBody) => top_p, parameter: ['top_p'] },
  maxTokens: { of: ({ max_output_tokens }: CreateBody) => max_output_tokens, parameter: ['max_output_tokens'] },
  presencePenalty: { of: ({ presence_penalty }: CreateBody) => presence_penalty, parameter: ['presence_penalty'] },
  frequencyPenalty: { of: ({ frequency_penalty }: CreateBody) => frequency_penalty, parameter: ['frequency_penalty'] },
  reasoningEffort: { of: ({ reasoning }: CreateBody) => reasoning?.effort ?? null, parameter: ['reasoning', 'effort'] },
  verbosity: { of: ({ text }: CreateBody) => text?.verbosity ?? null, parameter: ['text', 'verbosity'] },
} as const

export interface ModelChoice {
  readonly model: string | null
  readonly botId: string | null
}

/** Who answers: a model with its settings, or a bot, whose id stands in the place of the model's. `defaultModel`: which one answers without a name. */
export function modelChoice(body: CreateBody, defaultModel: string | null): ModelChoice {
  const given = Object.entries(settings).flatMap(([key, { of, parameter }]) => {
    const value = of(body)
    return value === null ? [] : [{ key, value, parameter }]
  })
  const { model } = body
  if (model?.startsWith('bot_') && parseResourceId(model) !== null) {
    const issues = given.map(({ parameter }) => ({
      path: parameter,
      message: 'is a setting of a model; a bot has its own',
    }))
    if (issues.length > 0) throw badInput(issues)
    return { model: null, botId: model }
  }
  const name = model ?? (given.length > 0 ? defaultModel : null)
  if (name === null || given.length === 0) return { model: name, botId: null }
  const pairs = given.map(({ key, value }) => `${key}=${String(value).replaceAll('/', '%2F')}`)
  return { model: [name, ...pairs].join('/'), botId: null }
}

/** The parameter that a refusal of a model is about: the setting that it names, or the model. */
export function parameterOfModel(message: string): readonly string[] {
  const named = / (?:has no setting "|takes as )(\w+)/.exec(message)?.[1] ?? ''
  return Object.hasOwn(settings, named) ? settings[named as keyof typeof settings].parameter : ['model']
}
