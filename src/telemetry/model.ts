import type { ModelTokens, Tell } from '../kernel/news.ts'
import type { Model, ModelCall, ModelPart } from '../models/model.ts'
import type { Tracing } from './tracing.ts'

export interface ModelObserver {
  readonly tell: Tell
  readonly tracing: Tracing
  /** A monotonic clock in ms. */
  readonly now: () => number
}

const nothing: ModelTokens = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }

/**
 * Wraps a model so that each call is reported and has a span, by OpenTelemetry's conventions for generative AI, without
 * contents.
 */
export function observeModel(model: Model, { tell, tracing, now }: ModelObserver): Model {
  const { provider, name } = partsOf(model.name)

  async function* stream(call: ModelCall): AsyncGenerator<ModelPart, void> {
    const startedAt = now()
    const span = tracing.open({
      name: `chat ${name}`,
      kind: 'client',
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider, 'gen_ai.request.model': name },
    })
    let tokens = nothing
    let isFirst = true
    let outcome: 'finished' | 'failed' | 'aborted' = 'aborted'
    try {
      for await (const part of model.stream(call)) {
        if (isFirst && (part.type === 'text' || part.type === 'reasoning' || part.type === 'call')) {
          isFirst = false
          const ms = now() - startedAt
          tell({ type: 'first-token', model: model.name, ms })
          span.set({ 'gen_ai.response.time_to_first_chunk': ms / 1000 })
        }
        if (part.type === 'usage' || part.type === 'finish') tokens = part.usage
        if (part.type === 'finish') {
          outcome = 'finished'
          span.set({ 'gen_ai.response.finish_reasons': [part.finish] })
        }
        yield part
      }
    } catch (error) {
      outcome = call.signal.aborted ? 'aborted' : 'failed'
      span.fail(outcome === 'aborted' ? 'aborted' : error instanceof Error ? error.name : 'Error')
      throw error
    } finally {
      tell({ type: 'model-called', model: model.name, outcome, durationMs: now() - startedAt, tokens })
      span.set({
        'gen_ai.usage.input_tokens': tokens.inputTokens,
        'gen_ai.usage.cache_read.input_tokens': tokens.cachedInputTokens,
        'gen_ai.usage.output_tokens': tokens.outputTokens,
        'gen_ai.usage.reasoning.output_tokens': tokens.reasoningTokens,
      })
      span.end()
    }
  }
  return { ...model, stream }
}

/**
 * Splits a model name and drops the settings, which may contain data of the caller. A bare name belongs to the demo
 * provider or a test.
 */
function partsOf(canonical: string): { readonly provider: string; readonly name: string } {
  const [head = ''] = canonical.split('/', 1)
  const colon = head.indexOf(':')
  return { provider: colon === -1 ? head : head.slice(0, colon), name: head.slice(colon + 1) }
}
