import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded before a measured program (`--import`). For each message it collects garbage and reports the remaining memory, and
// how late 99 % and 99.9 % of timers came at most since its first report, or the last that began a new span; these collections
// do not count. No signal asks for it: SIGUSR2
// lets a worker drain.
const resolutionMs = 10
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()
let isFirst = true

process.on('message', (message) => {
  delay.disable()
  globalThis.gc?.()
  // Memory released by finalizers needs a second collection.
  setImmediate(() => {
    globalThis.gc?.()
    // The histogram has the whole time between two timers.
    const lateness = (percent: number) => delay.percentile(percent) / 1e6 - resolutionMs
    const delays = { loopDelayMs: lateness(99.9), loopDelayP99Ms: lateness(99) }
    process.send?.({ ...process.memoryUsage(), ...delays } satisfies Reported)
    if (isFirst || (message as { isNewSpan: boolean }).isNewSpan) delay.reset()
    isFirst = false
    delay.enable()
  })
})

// Waiting for the next message keeps no process alive.
process.channel?.unref()

export interface Reported extends NodeJS.MemoryUsage {
  readonly loopDelayMs: number
  readonly loopDelayP99Ms: number
}
