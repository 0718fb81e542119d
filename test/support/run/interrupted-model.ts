import type { Provider } from '../../../src/models/catalogue.ts'
import type { Model, ModelPart } from '../../../src/models/model.ts'
import { scriptedProvider } from './scripted-model.ts'

/** An outage as the models live through it. */
export interface Outage {
  readonly begun: PromiseWithResolvers<void>
  readonly over: PromiseWithResolvers<void>
}

export const newOutage = (): Outage => ({ begun: Promise.withResolvers(), over: Promise.withResolvers() })

/** What each run says, whatever happens. */
export const interruptedText = ['before ', 'during ', 'after '].map((word) => word.repeat(100)).join('')

const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 300, reasoningTokens: 0 }

/** The model `interrupted`: a part of each of its answers is said before the outage, a part during it, and a part when it is over. */
export function interruptedProvider(outage: () => Outage): Provider {
  const model: Model = {
    name: 'interrupted',
    async *stream(): AsyncGenerator<ModelPart> {
      const { begun, over } = outage()
      for (let n = 0; n < 100; n++) yield { type: 'text', text: 'before ' }
      await begun.promise
      for (let n = 0; n < 100; n++) yield { type: 'text', text: 'during ' }
      await over.promise
      for (let n = 0; n < 100; n++) yield { type: 'text', text: 'after ' }
      yield { type: 'finish', finish: 'stop', usage }
    },
  }
  return scriptedProvider(model)
}
