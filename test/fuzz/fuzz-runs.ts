/** Requests of all kinds together, without those to facades; `npm run test:fuzz` has more. */
const total = Number(process.env['FUZZ_RUNS'] ?? 250)
const seed = process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }

const shares = { operations: 0.35, subscriptions: 0.15, endpoints: 0.3, bytes: 0.2, facades: 0.1 } as const

/** So many requests are under way at once. */
export const batchSize = 20

/** For `fc.assert`: the share of that kind, by the batch. `part` is what is run of it. */
export function fuzzRuns(kind: keyof typeof shares, part: number) {
  return { numRuns: Math.ceil((total * shares[kind] * part) / batchSize), endOnFailure: true, ...seed }
}

export const fuzzTimeoutMs = 60_000 + total * 60

/** Counts what came of the requests, and tells it where there are more of them than in the suite. */
export function tally(name: string) {
  const counts: Record<string, number> = {}
  return {
    counts,
    add(outcome: string): void {
      counts[outcome] = (counts[outcome] ?? 0) + 1
    },
    tell(): void {
      if (process.env['FUZZ_RUNS'] !== undefined) process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`)
    },
  }
}
