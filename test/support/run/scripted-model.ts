import type { Provider } from '../../../src/models/catalogue.ts'
import type { Model, ModelCall, ModelPart, ModelUsage, ProviderMetadata } from '../../../src/models/model.ts'

/** What a scripted model does on one call: says parts, calls functions, waits for a promise, or fails. */
export type Line = string | { reasoning: string } | ScriptedFunctionCall | ModelPart | Promise<unknown> | Error

export interface ScriptedFunctionCall {
  readonly call: string
  /** Text is said as it stands, for arguments that cannot be read. Default: `{}`. */
  readonly arguments?: unknown
  /** Default: `call_1`, `call_2`, … in the order of the whole script, as it is played. */
  readonly id?: string
  readonly metadata?: ProviderMetadata
}

export interface ScriptedCall {
  readonly lines: readonly Line[]
  /** Default `stop`; null: the stream ends without finishing. */
  readonly finish?: 'stop' | 'length' | 'filtered' | null
}

export interface ScriptedModel extends Model {
  readonly calls: readonly ModelCall[]
}

const usage: ModelUsage = { inputTokens: 10, cachedInputTokens: 1, outputTokens: 5, reasoningTokens: 2 }

/** A model at the port, which does as it is told, call by call; the last line of the script is repeated. */
export function createScriptedModel(script: readonly ScriptedCall[], name = 'scripted'): ScriptedModel {
  const calls: ModelCall[] = []
  let functionCalls = 0
  const callPart = ({ call, id, arguments: given = {}, metadata }: ScriptedFunctionCall): ModelPart => ({
    type: 'call',
    id: id ?? `call_${++functionCalls}`,
    name: call,
    arguments: typeof given === 'string' ? given : JSON.stringify(given),
    ...(metadata !== undefined && { metadata }),
  })
  return {
    name,
    calls,
    async *stream(call): AsyncGenerator<ModelPart> {
      calls.push(call)
      const { lines, finish = 'stop' } = script[Math.min(calls.length, script.length) - 1] ?? { lines: [] }
      for (const line of lines) {
        call.signal.throwIfAborted()
        if (line instanceof Error) throw line
        if (line instanceof Promise) await Promise.race([line, aborted(call.signal)])
        else if (typeof line === 'string') yield { type: 'text', text: line }
        else if ('type' in line) yield line
        else if ('call' in line) yield callPart(line)
        else yield { type: 'reasoning', text: line.reasoning }
      }
      if (finish !== null) yield { type: 'finish', finish, usage }
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** A provider with that one model, for whole services. */
export function scriptedProvider(model: Model): Provider {
  return { id: model.name, models: () => [{ id: model.name }], open: () => model }
}
