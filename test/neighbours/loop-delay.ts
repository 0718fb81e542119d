import type { ServiceProcess } from '../support/service/start-process.ts'

/** How many timers came at most so late, by the bound in seconds; all of them at Infinity. */
export type Delays = ReadonlyMap<number, number>

/** The delays of the event loop of a process since its start. */
export async function delaysOf({ log }: ServiceProcess): Promise<Delays> {
  const line = log.find((each) => each.includes('"metrics"')) ?? '{}'
  const text = await (await fetch(JSON.parse(line).url)).text()
  const buckets = text.matchAll(/event_loop_delay_seconds_bucket\{le="([^"]+)"\} (\d+)/g)
  return new Map(
    Array.from(buckets, ([, bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), Number(count)]),
  )
}

export function delaysBetween(before: Delays, after: Delays): Delays {
  return new Map(Array.from(after, ([bound, count]) => [bound, count - (before.get(bound) ?? 0)]))
}

export function allDelays(each: readonly Delays[]): Delays {
  const bounds = each[0]?.keys() ?? []
  const sum = (bound: number) => each.reduce((count, delays) => count + (delays.get(bound) ?? 0), 0)
  return new Map(Array.from(bounds, (bound) => [bound, sum(bound)]))
}

/** The bound, in ms, below which so large a share of the timers came. */
export function delayAt(delays: Delays, share: number): number {
  const all = delays.get(Infinity) ?? 0
  const [bound = Infinity] = [...delays].find(([, count]) => count >= all * share) ?? []
  return bound * 1000
}
