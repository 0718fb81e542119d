import { continuationNotice } from '../../conversation/prompt/prompt.ts'
import { demoArguments } from './arguments.ts'
import { mostEffort } from './effort.ts'
import { demoMentions } from './mention.ts'
import type { DemoMessage } from './model-prompt.ts'
import type { DemoSchema } from './schema.ts'

export interface DemoFunction {
  readonly name: string
  readonly parameters: DemoSchema
}

export interface DemoCall {
  readonly name: string
  readonly arguments: DemoSchema
}

export interface DemoCallsInput {
  readonly prompt: readonly DemoMessage[]
  readonly functions: readonly DemoFunction[]
  /** The function that must be called, whether or not it is named or was called before. */
  readonly forced: string | null
}

/** The functions that the last user message names and that have not been called since, in the order of the message. */
export function demoCalls({ prompt, functions, forced }: DemoCallsInput): readonly DemoCall[] {
  const asked = prompt.findLastIndex(({ role, text }) => role === 'user' && text !== continuationNotice)
  const text = (prompt[asked]?.text ?? '').slice(0, longestRead)
  const called = new Set(prompt.slice(asked + 1).flatMap(({ calls }) => calls))
  const mentions = demoMentions(
    text,
    functions.map(({ name }) => name),
  )
  const all = mentions.reduceRight((rest, { start, end }) => `${rest.slice(0, start)}\n${rest.slice(end)}`, text)

  const before = text.slice(0, mentions[0]?.start)

  const effort = { ...mostEffort }
  return functionsToCall().flatMap((name) => {
    const parameters = functions.find((each) => each.name === name)?.parameters
    const index = mentions.findIndex((each) => each.name === name)
    const near = index < 0 ? '' : text.slice(mentions[index]?.end, mentions[index + 1]?.start)
    return parameters === undefined
      ? []
      : [{ name, arguments: demoArguments(parameters, { near, before, all }, effort) }]
  })

  function functionsToCall(): readonly string[] {
    if (forced !== null) return [forced]
    return mentions.map(({ name }) => name).filter((name) => !called.has(name))
  }
}

/** In UTF-16 code units. A message can be megabytes long, and is searched once for every name. */
const longestRead = 2000
