/** Sizes and counts that are policy, as timings.ts has the times. */
export const bounds = {
  /** Of one log: a run that reaches them ends as LIMIT_EXCEEDED. Bytes are payload. */
  log: { maxEntries: 500_000, maxBytes: 64_000_000 },
  /** A run that loses more workers than this without progress ends as WORKER_LOST: it may be what kills them. */
  losses: 5,
  /** Runs that a sweep looks at in one go. */
  sweepBatch: 500,
} as const
