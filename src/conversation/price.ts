/** What a model costs, per million tokens, in whatever unit of money the operator counts. */
export interface ModelPrice {
  readonly input: number
  /** Input that the provider read from its cache. */
  readonly cachedInput: number
  readonly output: number
  readonly reasoning: number
}

const million = 1_000_000

/** The tokens of a usage that have a price. */
export interface UsedTokens {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** Cached input and reasoning are parts of input and output: each token is paid once. */
export function costOf(price: ModelPrice, used: UsedTokens): number {
  const cached = Math.min(used.cachedInputTokens, used.inputTokens)
  const reasoning = Math.min(used.reasoningTokens, used.outputTokens)
  const millionths =
    (used.inputTokens - cached) * price.input +
    cached * price.cachedInput +
    (used.outputTokens - reasoning) * price.output +
    reasoning * price.reasoning
  return roundedCost(millionths / million)
}

/** Twelve decimals: sums of binary fractions show none of their remainders. */
export function roundedCost(cost: number): number {
  return Number(cost.toFixed(12))
}

/** How many tokens the model may write for this much money; infinitely many where they cost nothing. */
export function affordableOutput({ output, reasoning }: ModelPrice, cost: number): number {
  return (cost * million) / Math.max(output, reasoning)
}
