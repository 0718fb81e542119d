/** Sizes and counts that are policy, as timings.ts has the times. */
export const bounds = {
  /** Of one log: a run that reaches them ends as LIMIT_EXCEEDED. Bytes are payload. */
  log: { maxEntries: 500_000, maxBytes: 64_000_000 },
  /** A run that loses more workers than this without progress ends as WORKER_LOST: it may be what kills them. */
  losses: 5,
  /** Runs that a sweep looks at in one go. */
  sweepBatch: 500,
  /**
   * What one account may do in one turn of a process's event loop: a few ms, in so many slices at most. A first token takes some
   * twenty turns. An account that asked for nothing this long is not waited for.
   */
  loop: { ms: 3, slices: 32, activeMs: 1000 },
  /** Webhooks are sent so many at once by one process, and so many of them to one endpoint; `batch` endpoints are looked at in one round. */
  webhooks: { attempts: 256, perWebhook: 4, batch: 1000 },
  /** Helper processes of one process, and what waits for them. The largest dataset is indexed within this memory. */
  helpers: { places: 2, perAccount: 1, waiting: 100, memoryMb: 512, graceMs: 2000 },
} as const
