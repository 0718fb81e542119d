import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded before a measured program (`--import`). For each message it collects garbage and reports the remaining memory, and
// how late 99.9 % of timers came at most since its first report; these collections do not count. No signal asks for it: SIGUSR2
// lets a worker drain.
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
let isFirst = true

process.on('message', () => {
  delay.disable()
  globalThis.gc?.()
  // Memory released by finalizers needs a second collection.
  setImmediate(() => {
    globalThis.gc?.()
    process.send?.({ ...process.memoryUsage(), loopDelayMs: delay.percentile(99.9) / 1e6 } satisfies Reported)
    if (isFirst) delay.reset()
    isFirst = false
    delay.enable()
  })
})

// Waiting for the next message keeps no process alive.
process.channel?.unref()

export interface Reported extends NodeJS.MemoryUsage {
  readonly loopDelayMs: number
}
