import type { Model, ModelCall, ModelPart, ModelTool, PromptMessage } from '../model.ts'
import type { Destination } from './destination.ts'
import { anyFiles } from './file-rules.ts'
import { fitFiles } from './fit-files.ts'
import { fitPrompt } from './fit-prompt.ts'
import { type FittedTool, fitTool } from './fit-tool.ts'
import { anyHistory, type HistoryRules } from './history-rules.ts'
import type { ProviderRules } from './provider-rules.ts'
import { applied } from './rule-row.ts'
import { startsUnthought } from './thinking-loop.ts'
import { wireName, wireNames } from './tool-names.ts'
import { anyToolSchema } from './tool-schema-rules.ts'

/**
 * The one place that adapts requests to a provider, by the tables in this folder. The model's calls come back as the
 * caller declared them.
 */
export function fitModel(model: Model, to: Destination, rules: ProviderRules): Model {
  const history = applied(anyHistory, rules.history, to)
  const fileRules = applied(anyFiles, rules.files, to)
  const toolRules = applied(anyToolSchema, rules.tools, to)
  /** The functions of a run are the same for all its model calls. */
  const known = new WeakMap<ModelTool['parameters'], FittedTool>()
  const fitted = (tool: ModelTool, name: string): FittedTool => {
    const before = known.get(tool.parameters)
    if (before?.tool.name === name) return before
    const made = fitTool({ ...tool, name }, toolRules)
    known.set(tool.parameters, made)
    return made
  }

  return {
    ...model,
    async *stream({ prompt, tools = [], forced = null, ...call }: ModelCall) {
      const names = wireNames(
        tools.map(({ name }) => name),
        toolRules.names,
      )
      const nameOf = (name: string) => names.get(name) ?? wireName(name, toolRules.names)
      const byName = new Map(tools.map((tool) => [tool.name, fitted(tool, nameOf(tool.name))]))
      const byWireName = new Map([...names].map(([name, wire]) => [wire, name]))
      const named = prompt.map((message) => asCalled(message, byName, nameOf))
      const wireForced = forced === null ? null : nameOf(forced)
      const isUnthought = history.loop === 'thought' && startsUnthought(named)
      const rules: HistoryRules = isUnthought ? { ...history, reasoning: 'none' } : history
      const only = toolRules.forcing || forced === null ? undefined : byName.get(forced)
      const asked = {
        ...call,
        prompt: fitPrompt(fitFiles(named, fileRules), rules, wireForced),
        isUnthinking: isUnthought,
        tools: (only === undefined ? [...byName.values()] : [only]).map(({ tool }) => tool),
        forced: only === undefined ? wireForced : null,
      }
      for await (const part of model.stream(asked)) yield asDeclared(part, byName, byWireName)
    },
  }
}

type Fitted = ReadonlyMap<string, FittedTool>

/** Earlier calls as the model would write them now. */
function asCalled(message: PromptMessage, tools: Fitted, nameOf: (name: string) => string): PromptMessage {
  if (message.role === 'tool') return { ...message, name: nameOf(message.name) }
  if (message.role !== 'assistant') return message
  const parts = message.parts.map((part) => {
    if (part.type !== 'call') return part
    const given = tools.get(part.name)?.toWire(part.arguments) ?? part.arguments
    return { ...part, name: nameOf(part.name), arguments: given }
  })
  return { ...message, parts }
}

/** A call by the caller's name of the function, or by the name that the model made up. */
function asDeclared(part: ModelPart, tools: Fitted, names: ReadonlyMap<string, string>): ModelPart {
  if (part.type !== 'call') return part
  const name = names.get(part.name) ?? part.name
  return { ...part, name, arguments: tools.get(name)?.fromWire(part.arguments) ?? part.arguments }
}
