import { anthropicRules } from '../../src/models/fit/claude-rules.ts'
import { compatibleRules } from '../../src/models/fit/compatible-rules.ts'
import type { FileRules } from '../../src/models/fit/file-rules.ts'
import type { HistoryRules } from '../../src/models/fit/history-rules.ts'
import { chatRules, responsesRules } from '../../src/models/fit/openai-rules.ts'
import type { RuleRow } from '../../src/models/fit/rule-row.ts'
import type { ToolSchemaRules } from '../../src/models/fit/tool-schema-rules.ts'

type Row = readonly string[]
/** Each rule in words, by its value. */
type Words<Rules> = { readonly [Rule in keyof Rules]: (value: Rules[Rule]) => string }

export const ruleHead: Row = ['to', 'whom', 'rules', 'source', 'read']

const providers = [
  ['`anthropic:`', anthropicRules],
  ['`openai:`', responsesRules],
  ['`openai-chat:`', chatRules],
  ['`compatible:`', compatibleRules],
] as const

const history: Words<HistoryRules> = {
  reasoning: (value) =>
    ({
      none: 'reasoning stays away',
      signed: 'reasoning goes back as its provider made it, with something behind it, or not at all',
      words: 'reasoning goes back as text',
      required: 'reasoning goes back as text, and a message with calls is never without',
    })[value],
  callIds: (value) =>
    ({
      any: 'call ids as they are',
      letters64: 'call ids of up to 64 letters, digits, `_` and `-`',
      letters40: 'call ids of up to 40 letters, digits, `_` and `-`',
      nine: 'call ids of nine letters and digits',
    })[value],
  signatures: (value) =>
    ({
      none: 'no signatures of calls',
      given: 'signatures of calls as they came',
      required: 'the first call of a message has a signature, or that for calls of others',
    })[value],
  loop: () => 'a turn of calls that begins without its own thinking goes on without any',
  first: () => 'the user speaks first',
  last: () => 'the assistant does not have the last word',
  alternates: () => 'neighbours of one role are one message',
  system: () => 'the system message stands in the user’s first one',
  userAfterResult: () => 'the assistant speaks between a result and the user',
}

const tools: Words<ToolSchemaRules> = {
  conditionsOnTop: () => 'a union, or another condition, on top of a schema becomes its property `input`',
  propertyNames: () => 'properties are called by up to 64 letters, digits, `_`, `.` and `-`',
  schemaOfNames: () => 'no `propertyNames`',
  names: () => 'functions’ names begin with a letter or `_`',
  forcing: () => 'a function is asked for, not forced',
  needsItems: () => 'every array has `items`',
  openApi: () => 'no `const`, no exclusive bounds, `enum` of texts alone; the rest stands in the description',
  typed: () =>
    'each schema names its type, alternatives theirs; nothing stands beside them or a reference; no conditions',
  description: (value) => `of a description the first ${value} characters; the rest stands in the schema’s`,
}

const files: Words<FileRules> = {
  imageBytes: (value) => `images of up to ${value} bytes`,
  imageSide: (value) => `images of up to ${value} pixels a side`,
  images: (value) => `${value} images at once, the latest`,
  manyImages: (value) => `from ${value?.from} images on, none above ${value?.side} pixels a side`,
  imageMinSide: (value) => `images of ${value} pixels a side and more`,
  gifs: () => 'no GIFs',
}

export const historyRows = () => rowsOf((rules) => rules.history, history)
export const toolRows = () => rowsOf((rules) => rules.tools, tools)
export const fileRows = () => rowsOf((rules) => rules.files, files)

function rowsOf<Rules extends object>(
  pick: (rules: typeof anthropicRules) => readonly RuleRow<Rules>[],
  words: Words<Rules>,
): readonly Row[] {
  return providers.flatMap(([provider, rules]) =>
    pick(rules).map(({ name, rules: said, source, date }) => {
      const told = Object.entries(said).map(([rule, value]) => words[rule as keyof Rules](value as Rules[keyof Rules]))
      return [provider, name, told.join('; '), `[${new URL(source).hostname}](${source})`, date]
    }),
  )
}
