import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider'
import { ModelFault, type ModelFinish, type ModelPart, type ModelUsage } from '../model.ts'
import { createAiSdkBlocks } from './blocks.ts'
import { createAiSdkCalls } from './calls.ts'
import { earlyUsageOf, usageOf } from './usage.ts'

export interface PartTranslation {
  /** The settings that were asked for, by the AI SDK's names, and what the caller calls them. */
  readonly settings: Readonly<Record<string, string>>
  /** The refusal so far; empty if there is none. */
  readonly refusal: () => string
}

const nothing: readonly ModelPart[] = []

const noUsage: ModelUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }

/**
 * Translates the parts of one call, in order, from the AI SDK's to the port's. Throws ModelFault for a setting that the
 * AI SDK would silently leave out of the request. The caller handles error parts.
 */
export function createPartTranslator({ settings, refusal }: PartTranslation) {
  const blocks = createAiSdkBlocks()
  const calls = createAiSdkCalls()

  /** No `default`, so that the compiler asks about every part that the AI SDK adds. */
  const translate = (part: LanguageModelV4StreamPart): readonly ModelPart[] => {
    switch (part.type) {
      case 'stream-start':
        refuseIgnored(part.warnings, settings)
        return nothing
      case 'text-delta':
      case 'reasoning-delta': {
        const type = part.type === 'text-delta' ? 'text' : 'reasoning'
        blocks.note(type, part.id, part.providerMetadata)
        return part.delta === '' ? nothing : [{ type, text: part.delta }]
      }
      case 'text-start':
      case 'reasoning-start':
        blocks.note(part.type === 'text-start' ? 'text' : 'reasoning', part.id, part.providerMetadata)
        return nothing
      case 'text-end':
      case 'reasoning-end':
        return blocks.end(part.type === 'text-end' ? 'text' : 'reasoning', part.id, part.providerMetadata)
      case 'custom':
        return usagePart(earlyUsageOf(part))
      case 'finish': {
        const usage = usageOf(part.usage)
        const finish = finishes[part.finishReason.unified]
        if (finish === null) return usagePart(usage)
        const words = finish === 'filtered' ? refusal() : ''
        const last = {
          type: 'finish',
          finish,
          usage: usage ?? noUsage,
          ...(words !== '' && { refusal: words }),
        } as const
        return [...blocks.endAll(), ...calls.finish(finish), last]
      }
      case 'tool-call':
        if (part.providerExecuted !== true) calls.hold(part)
        return nothing
      case 'error':
      case 'response-metadata':
      case 'reasoning-file':
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
      case 'tool-result':
      case 'tool-approval-request':
      case 'file':
      case 'source':
      case 'ping':
      case 'raw':
        return nothing
    }
  }
  return (part: LanguageModelV4StreamPart): readonly ModelPart[] => {
    const parts = translate(part)
    const isGoingOn = parts.some(({ type }) => type === 'text' || type === 'reasoning' || type === 'metadata')
    return isGoingOn && part.type !== 'finish' ? [...calls.release(), ...parts] : parts
  }
}

/** Null: not an end, but a report of the usage so far. Nothing comes after it. */
const finishes: Record<LanguageModelV4FinishReason['unified'], ModelFinish | null> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'filtered',
  'tool-calls': 'stop',
  other: null,
  error: null,
  interrupted: null,
}

function usagePart(usage: ModelUsage | null): readonly ModelPart[] {
  return usage === null ? nothing : [{ type: 'usage', usage }]
}

function refuseIgnored(warnings: readonly SharedV4Warning[], settings: PartTranslation['settings']): void {
  for (const warning of warnings) {
    const setting = warning.type === 'unsupported' ? settings[warning.feature] : undefined
    if (setting !== undefined) {
      throw new ModelFault('rejected', `This model cannot use the setting ${setting}, alone or beside the others.`)
    }
  }
}
