import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { ModelUsage } from '../model.ts'

type CustomPart = Extract<LanguageModelV4StreamPart, { type: 'custom' }>

/** Null where the provider told nothing. */
export function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): ModelUsage | null {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return null
  return {
    inputTokens: inputTokens.total ?? 0,
    cachedInputTokens: inputTokens.cacheRead ?? 0,
    outputTokens: outputTokens.total ?? 0,
    reasoningTokens: outputTokens.reasoning ?? 0,
  }
}

/** What Anthropic tells before the first word: its count leaves out what was read from and written to its cache. */
export function earlyUsageOf({ kind, providerMetadata }: CustomPart): ModelUsage | null {
  if (kind !== 'anthropic.message_start') return null
  const usage = providerMetadata?.['anthropic']?.['usage']
  if (typeof usage !== 'object' || usage === null) return null
  const tokens = (key: string) => {
    const count = (usage as Readonly<Record<string, unknown>>)[key]
    return typeof count === 'number' ? count : 0
  }
  const cachedInputTokens = tokens('cache_read_input_tokens')
  return {
    inputTokens: tokens('input_tokens') + tokens('cache_creation_input_tokens') + cachedInputTokens,
    cachedInputTokens,
    outputTokens: tokens('output_tokens'),
    reasoningTokens: 0,
  }
}
