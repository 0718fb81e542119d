import { roundedCost } from './price.ts'

/** What was used, in tokens and counts. A run's usage is the sum of its iterations', failed tries included. */
export interface Usage {
  readonly inputTokens: number
  /** The part of `inputTokens` that the provider read from its cache. */
  readonly cachedInputTokens: number
  readonly outputTokens: number
  /** The part of `outputTokens` that the model spent on reasoning. */
  readonly reasoningTokens: number
  readonly totalTokens: number
  /**
   * The part of `totalTokens` that went into answers which were discarded: their provider failed, and the model was
   * asked again. Absent in what was written before this was counted.
   */
  readonly discardedTokens?: number
  /** Finished model calls. */
  readonly iterations: number
  /** Function calls that the model asked for. */
  readonly calls: number
  /** Money, in the unit of MODEL_PRICES. Absent: nothing was used whose price is known. */
  readonly cost?: number
}

export const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
  discardedTokens: 0,
  iterations: 0,
  calls: 0,
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    discardedTokens: (a.discardedTokens ?? 0) + (b.discardedTokens ?? 0),
    iterations: a.iterations + b.iterations,
    calls: a.calls + b.calls,
    ...((a.cost ?? b.cost) !== undefined && { cost: roundedCost((a.cost ?? 0) + (b.cost ?? 0)) }),
  }
}
