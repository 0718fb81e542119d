/**
 * How often and how long: policy that no deployment has had a reason to change, and so no variable. What belongs to one
 * technology, such as the timeouts of a Redis connection, stands beside its adapter.
 */
export const timings = {
  /** A step that a crash may leave half done, such as a record without its job, is looked at this long after it began. */
  repairMs: 5000,
  sweep: {
    /** Each process sweeps this often; a delayed dispatch starts at most this late. */
    intervalMs: 1000,
    /** A queued or running run is looked at again after this long: its job may be lost. */
    repairMs: 10_000,
    /** A run that stays queued is looked at less and less often, down to this, so that a long queue costs little. */
    queuedMs: 60_000,
    /** A waiting run is looked at this often, even if its deadline is far off: an answer may be stuck on its channel. */
    waitingMs: 600_000,
  },
  /** The fair queue is looked at this often: for places of workers that died, and for limits that are open again. */
  turnSweepMs: 1000,
  webhooks: {
    /** What has happened is told within this, where its endpoint has a place. */
    intervalMs: 500,
    /** At the close of a process, attempts in hand are waited for this long; then others make them anew. */
    graceMs: 3000,
  },
  /** A worker notices a cancellation this soon while its model is silent; every append tells it at once. */
  cancellationCheckMs: 500,
  /** The caller of a cancellation waits this long for the worker's own ending, which counts what was used. */
  cancelPatienceMs: 2000,
  /** Publications that pub/sub lost are found within two checks; one check of 10,000 heads takes 23 ms. */
  headCheckMs: 1000,
  /** A job whose handler threw or lost its run comes again after this: long enough not to spin. */
  jobRetryMs: 1000,
  /** A message on a result channel may come this long before the call that it answers; an older one means another call. */
  earlyMessageMs: 60_000,
  /** What waits for a message is kept one day longer than the 30 days that any call may wait. */
  waitingCallSeconds: 31 * 24 * 3600,
  api: {
    /** An event stream without events proves this often that it is alive. Clients on Node give up after 300 s of silence. */
    heartbeatMs: 15_000,
    /** A WebSocket client says `connection_init` within this, or its connection is closed. */
    initTimeoutMs: 10_000,
    /** A WebSocket is cut when this long nothing comes from its client, no answer to a ping either, and nothing is taken. */
    pingIntervalMs: 12_000,
    /** A WebSocket client answers a close within this, or it is cut. */
    closeTimeoutMs: 2000,
  },
  server: {
    /** The headers of a request may take this much longer than an idle connection stays open. */
    headersGraceMs: 5000,
    /** A whole request may take this long to arrive, or as long as its headers may. Node's own default. */
    requestMs: 300_000,
    /** Answers in flight may take this long when the server closes: the slowest mutation takes two seconds, a dead Redis five. */
    closeGraceMs: 5000,
    /** The process is not ready if its engine does not answer within this. */
    readinessTimeoutMs: 2000,
    /** Load balancers ask for readiness about this often. */
    readyRetrySeconds: 5,
    /** An HTTP client that takes nothing of its answer for this long, or up to twice as long, is cut. */
    stalledMs: 60_000,
    /** A connection over the limit may take this long to send its request and get the error. */
    refusedTimeoutMs: 5000,
    /** Nobody knows when another connection will close, so this is a guess. */
    connectionRetrySeconds: 5,
  },
} as const
