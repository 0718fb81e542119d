import { weightOf } from '../kernel/weight.ts'

/** About how much is done in a ms: of a body, which is parsed and checked; of a value, which is only written. */
const perMs = { body: 40_000, value: 200_000 } as const
/** Nothing that is written is larger. */
const enough = 64_000_000

/** What a body, or a message of a socket, costs in turns of the event loop, in ms; undefined for one like most others. */
export function bodyCost(bytes: number): number | undefined {
  return bytes < perMs.body ? undefined : bytes / perMs.body
}

/** The same for what is answered or stored. */
export function valueCost(value: unknown): number | undefined {
  const weight = weightOf(value, enough)
  return weight < perMs.value ? undefined : weight / perMs.value
}
