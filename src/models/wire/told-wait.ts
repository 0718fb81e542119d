/** The units that providers write. */
const unitsMs: readonly (readonly [unit: RegExp, ms: number])[] = [
  [/^(ms|milliseconds?)$/, 1],
  [/^(s|secs?|seconds?)$/, 1000],
  [/^(m|mins?|minutes?)$/, 60_000],
  [/^(h|hrs?|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
]

/** `Please try again in 1m9.696s`, `Please retry after 6 seconds`: how long an error asks to wait. Null: it does not. */
export function toldWaitMs(words: string): number | null {
  const [, duration = ''] = /(?:try again|retry)(?: in| after) ((?:\d+(?:\.\d+)? ?[a-z]+,? ?)+)/i.exec(words) ?? []
  const parts = [...duration.toLowerCase().matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/g)]
  const ms = parts.map(([, count, name = '']) => {
    return Number(count) * (unitsMs.find(([unit]) => unit.test(name))?.[1] ?? Number.NaN)
  })
  const total = ms.reduce((sum, each) => sum + each, 0)
  return total > 0 ? Math.ceil(total) : null
}
