/** The word that somebody probably meant: the nearest of these, if at most two letters differ. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const most = given.length > 5 ? 2 : 1
  const near = words.map((word) => [distance(given, word), word] as const).filter(([far]) => far > 0 && far <= most)
  return near.toSorted(([a], [b]) => a - b)[0]?.[1]
}

/** How many letters must be put in, taken out or changed to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (const [n, letter] of [...a].entries()) {
    const next = [n + 1]
    for (const [m, other] of [...b].entries()) {
      const changed = (row[m] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[m + 1] ?? 0) + 1, (next[m] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
