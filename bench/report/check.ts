import type { Figure } from './figure.ts'
import { median } from './statistics.ts'

/** A row of `bench/targets.json`. */
export interface Target {
  /** The name of a figure. */
  readonly figure: string
  /** Ours divided by naive, of medians: at least this where more is better, at most this where less is. */
  readonly ratio: number
  /** The share by which a ratio varies between runs of the same code. */
  readonly noise: number
}

/** What is worse than its row by more than the noise, and rows that the run has no ratio for. One sentence each. */
export function missedTargets(figures: readonly Figure[], targets: readonly Target[]): readonly string[] {
  return targets.flatMap(({ figure: name, ratio: wanted, noise }) => {
    const figure = figures.find((each) => each.name === name)
    const ratio = figure === undefined ? Number.NaN : median(figure.values.ours) / median(figure.values.naive)
    if (figure === undefined || !Number.isFinite(ratio)) return [`${name}: there is no ratio in this run.`]
    const bound = figure.better === 'more' ? wanted * (1 - noise) : wanted * (1 + noise)
    const isMissed = figure.better === 'more' ? ratio < bound : ratio > bound
    const sign = figure.better === 'more' ? '≥' : '≤'
    return isMissed
      ? [`${name}: ${ratio.toFixed(2)} × naive; wanted ${sign} ${wanted}, with the noise ${sign} ${bound.toFixed(2)}.`]
      : []
  })
}
