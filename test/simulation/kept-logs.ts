import type { LogEntry } from '../../src/channel/channel.ts'
import { pageLimits } from '../../src/channel/follow.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { simulate } from './simulate.ts'
import { openEmbeddedStore } from './store.ts'

/** A log of a simulated run that has come to its end: as it was written, and as who reads all of it gets it, with its deltas joined. */
export interface KeptLog {
  readonly name: string
  readonly written: readonly LogEntry[]
  readonly replayed: readonly LogEntry[]
}

/** The logs of the simulation of a seed. */
export async function logsOfSimulation(seed: number): Promise<readonly KeptLog[]> {
  const kept: KeptLog[] = []
  const { wrong } = await simulate(seed, async (time) => {
    const store = await openEmbeddedStore(time)
    return {
      ...store,
      // Asked of each run by the judge, once everything has come to its end.
      async entries(key) {
        const entries = await store.entries(key)
        const page = await store.log.read(key, null, { ...pageLimits, maxBytes: Number.MAX_SAFE_INTEGER })
        const written = entries.map(({ kind, event, ...place }) => ({
          ...place,
          event: { type: kind, ...event } as unknown as ChannelEvent,
        }))
        if (page?.isClosed) kept.push({ name: `seed ${seed}, ${key.channel}`, written, replayed: page.entries })
        return entries
      },
    }
  })
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return kept
}
