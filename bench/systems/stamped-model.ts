import { setTimeout as sleep } from 'node:timers/promises'
import type { Provider } from '../../src/models/catalogue.ts'
import { createDemoProvider } from '../../src/models/demo/provider.ts'
import type { Model } from '../../src/models/model.ts'
import { now } from '../report/clock.ts'

const defaults = { delayMs: 10, words: 200 }

/**
 * A model whose words are timestamps, `~microseconds~`, of the clock that all processes of a machine share. It does not
 * wait before the first word.
 */
function createStampedModel({ delayMs, words }: typeof defaults): Model {
  return {
    name: `stamped/delayMs=${delayMs}/words=${words}`,
    async *stream({ signal }) {
      for (let word = 0; word < words; word++) {
        if (word > 0 && delayMs > 0) await sleep(delayMs, undefined, { signal })
        yield { type: 'text', text: `~${now().toFixed(0)}~ ` }
      }
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: words, reasoningTokens: 0 }
      yield { type: 'finish', finish: 'stop', usage }
    },
  }
}

const stamped: Provider = {
  id: 'stamped',
  models: () => [{ id: 'stamped' }],
  open: (_name, settings) =>
    createStampedModel({
      delayMs: Number(settings['delayMs'] ?? defaults.delayMs),
      words: Number(settings['words'] ?? defaults.words),
    }),
}

/** The times, in microseconds, at which the model said the words in this text. */
export function stampsIn(text: string): readonly number[] {
  return [...text.matchAll(/~(\d+)~/g)].map(([, stamp]) => Number(stamp))
}

/** The models of all measured systems: `demo` as in the service, and `stamped`. */
export const benchProviders: readonly Provider[] = [
  createDemoProvider({ sleep: (ms, signal) => sleep(ms, undefined, { signal }) }),
  stamped,
]
