import type { DispatchConversationInput } from 'backchannel-client'
import { readJson } from '../answer/read-form.ts'

export type AnswerKind = 'await' | 'data' | 'caller'

/** A function as the panel has it: texts as they were typed. */
export interface FunctionSetting {
  readonly name: string
  readonly description: string
  readonly parameters: string
  readonly answer: AnswerKind
  /** With `data`: the answer, as JSON. */
  readonly data: string
  /** With `await`: the JSON Schema of the answer, for the form; may be empty. */
  readonly schema: string
}

/** What a dispatch of Try has besides its message. Texts as they were typed; empty means that the server decides. */
export interface Settings {
  readonly model: string
  readonly botId: string
  readonly backstory: string
  readonly functions: readonly FunctionSetting[]
  readonly datasetId: string
  /** Records of a dataset for this dispatch alone: paragraphs. */
  readonly knowledge: string
  readonly iterations: string
  readonly calls: string
  readonly tokens: string
  readonly isPausing: boolean
}

export const noSettings: Settings = {
  model: '',
  botId: '',
  backstory: '',
  functions: [],
  datasetId: '',
  knowledge: '',
  iterations: '',
  calls: '',
  tokens: '',
  isPausing: false,
}

export const exampleFunction: FunctionSetting = {
  name: 'ask_human',
  description: 'Asks a person, who answers when they have time.',
  parameters:
    '{\n  "type": "object",\n  "properties": { "question": { "type": "string" } },\n  "required": ["question"]\n}',
  answer: 'await',
  data: '',
  schema: '',
}

type Extras = Omit<DispatchConversationInput, 'messages' | 'conversationId'>

export type InputReading =
  | { readonly kind: 'input'; readonly input: Extras }
  | { readonly kind: 'problem'; readonly message: string }

class Unreadable extends Error {}

/** What the settings add to a dispatch: nothing of what is empty. */
export function inputOf(settings: Settings): InputReading {
  try {
    return { kind: 'input', input: readInput(settings) }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'problem', message: error.message }
    throw error
  }
}

function readInput(settings: Settings): Extras {
  const { model, botId, backstory, functions, datasetId } = settings
  const limits = readLimits(settings)
  const records = settings.knowledge
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
  const schemas = functions.flatMap(({ name, answer, schema }) =>
    answer === 'await' && schema.trim() !== '' ? [[name, parse(schema, `The answer of ${name}`)] as const] : [],
  )
  return {
    ...(model && { model }),
    ...(botId && { botId }),
    ...(backstory && { backstory }),
    ...(functions.length > 0 && { functions: functions.map(readFunction) }),
    ...(datasetId && { datasetId }),
    ...(records.length > 0 && {
      extensions: { datasets: [{ name: 'Knowledge', records: records.map((text) => ({ text })) }] },
    }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(schemas.length > 0 && { meta: { answerSchemas: Object.fromEntries(schemas) } }),
  }
}

function readFunction({ name, description, parameters, answer, data }: FunctionSetting) {
  const schema = parse(parameters, `The parameters of ${name}`) as Readonly<Record<string, unknown>>
  const result =
    answer === 'await'
      ? { result: { await: true } }
      : answer === 'data'
        ? { result: { data: parse(data, `The answer of ${name}`) } }
        : {}
  return { name, description, parameters: schema, ...result }
}

function readLimits({ iterations, calls, tokens, isPausing }: Settings) {
  const given = Object.entries({ iterations, calls, tokens }).flatMap(([name, text]) => {
    if (text.trim() === '') return []
    const number = Number(text)
    if (!Number.isInteger(number)) throw new Unreadable(`The limit on ${name} is no whole number.`)
    return [[name, number] as const]
  })
  return { ...Object.fromEntries(given), ...(given.length > 0 && isPausing && { whenReached: 'PAUSE' as const }) }
}

function parse(text: string, what: string): unknown {
  const reading = readJson(text)
  if (reading.kind === 'problem') throw new Unreadable(`${what}: ${reading.message}`)
  return reading.value
}
