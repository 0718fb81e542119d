import type { Model } from '../model.ts'
import type { Destination } from './destination.ts'
import { fitPrompt } from './fit-prompt.ts'
import { type HistoryRow, historyRules } from './history-rules.ts'
import { wellFormed } from './well-formed.ts'

/** A model that is sent what its provider takes: the one place where prompts are made fit, by the tables in this folder. */
export function fitModel(model: Model, to: Destination, history: readonly HistoryRow[]): Model {
  const rules = historyRules(history, to)
  return {
    ...model,
    stream({ prompt, tools = [], ...call }) {
      const fitting = fitPrompt(prompt, rules, call.forced ?? null)
      return model.stream({ ...call, prompt: fitting, tools: wellFormed(tools) })
    },
  }
}
