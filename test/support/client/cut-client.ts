import { setTimeout as delay } from 'node:timers/promises'
import type { Backchannel, ChannelEvent } from 'backchannel-client'
import { expect } from 'vitest'
import type { Random } from '../../faults/random.ts'
import type { CuttingProxy } from '../proxy/cutting-proxy.ts'

export interface CutWatching {
  /** Watches through the proxy. */
  readonly client: Backchannel
  readonly proxy: CuttingProxy
  /** Watches without it. */
  readonly direct: Backchannel
  readonly random: Random
}

/** Watches one run after the other while the connection is cut again and again. Says how often it was. */
export async function watchWhileCut(
  { client, proxy, direct, random }: CutWatching,
  wantedCuts: number,
): Promise<number> {
  let watches = 0
  const cuts = () => proxy.connections - watches
  while (cuts() < wantedCuts) {
    const { channelId } = await direct.dispatch('Tell me everything.')
    watches += 1
    const watching = allEvents(client, channelId)
    const over = watching.then(() => true)
    const wait = (ms: number) => Promise.race([over, delay(ms, false)])
    while (!(await wait(random.int(40)))) {
      const before = proxy.connections
      if (random.chance(0.5)) proxy.cut()
      else proxy.cutAfter(1 + random.int(4000))
      while (proxy.connections === before && !(await wait(5))) {}
      if (cuts() >= wantedCuts) await direct.cancel(channelId)
    }
    expectSame(await watching, await allEvents(direct, channelId))
  }
  return cuts()
}

async function allEvents(client: Backchannel, channelId: string): Promise<ChannelEvent[]> {
  const events: ChannelEvent[] = []
  for await (const event of client.watch(channelId)) events.push(event)
  return events
}

const isDelta = (event: ChannelEvent) => event.__typename === 'TextDelta' || event.__typename === 'ReasoningDelta'

/** The same events in the same order, each once; only text may come in other pieces. */
function expectSame(events: readonly ChannelEvent[], log: readonly ChannelEvent[]): void {
  const joined = (all: readonly ChannelEvent[]) => {
    const seen: unknown[] = []
    let text: { readonly of: string; readonly text: string } | null = null
    for (const event of all) {
      if (!isDelta(event) || !('position' in event)) {
        if (text !== null) seen.push(text)
        text = null
        seen.push(event)
      } else {
        if (text !== null && text.of !== event.messageId) seen.push(text)
        const before: string = text?.of === event.messageId ? text.text : ''
        expect(event.position).toBe(before.length)
        text = { of: event.messageId, text: before + event.text }
      }
    }
    return seen
  }
  expect(joined(events)).toEqual(joined(log))
}
