import type { LogEntry } from '../../src/channel/channel.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { simulate } from './simulate.ts'
import { openEmbeddedStore } from './store.ts'

/** The logs that the runs of a seed have in the end, take-overs and discarded messages included. */
export async function simulatedLogs(seed: number): Promise<readonly (readonly LogEntry[])[]> {
  const logs = new Map<string, readonly LogEntry[]>()
  await simulate(seed, async (time) => {
    const store = await openEmbeddedStore(time)
    return {
      ...store,
      async entries(key) {
        const entries = await store.entries(key)
        const log = entries.map(({ offset, tag, at, event }) => ({ offset, tag, at, event: event as ChannelEvent }))
        const isRun = log[0]?.event.type === 'dispatch-queued'
        if (isRun) logs.set(key.channel, log)
        return entries
      },
    }
  })
  return [...logs.values()]
}
