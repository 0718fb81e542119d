import type { ServiceProcess } from '../support/service/start-process.ts'

/** How many timers came at most so late, by the bound in seconds; all of them at Infinity. */
export type Delays = ReadonlyMap<number, number>

export interface Lateness {
  /** How late timers came. */
  readonly late: Delays
  /** The part of it in which the process itself worked; for the rest it waited for a processor. */
  readonly busy: Delays
}

/** Of the event loop of a process since its start. */
export async function latenessOf({ log }: ServiceProcess): Promise<Lateness> {
  const line = log.find((each) => each.includes('"metrics"')) ?? '{}'
  const text = await (await fetch(JSON.parse(line).url)).text()
  const delays = (name: string): Delays => {
    const buckets = text.matchAll(new RegExp(`event_loop_${name}_seconds_bucket\\{le="([^"]+)"\\} (\\d+)`, 'g'))
    return new Map(
      Array.from(buckets, ([, bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), Number(count)]),
    )
  }
  return { late: delays('delay'), busy: delays('busy') }
}

export function latenessBetween(before: Lateness, after: Lateness): Lateness {
  const between = (name: keyof Lateness) =>
    new Map(Array.from(after[name], ([bound, count]) => [bound, count - (before[name].get(bound) ?? 0)]))
  return { late: between('late'), busy: between('busy') }
}

export function allLateness(each: readonly Lateness[]): Lateness {
  const all = (name: keyof Lateness): Delays => {
    const bounds = each[0]?.[name].keys() ?? []
    const sum = (bound: number) => each.reduce((count, delays) => count + (delays[name].get(bound) ?? 0), 0)
    return new Map(Array.from(bounds, (bound) => [bound, sum(bound)]))
  }
  return { late: all('late'), busy: all('busy') }
}

/** The bound, in ms, below which so large a share of the timers came. */
export function delayAt(delays: Delays, share: number): number {
  const all = delays.get(Infinity) ?? 0
  const [bound = Infinity] = [...delays].find(([, count]) => count >= all * share) ?? []
  return bound * 1000
}
