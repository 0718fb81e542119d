import { type LocalTime, localTime } from '../../kernel/timezone.ts'
import type { ActionInput } from './input.ts'

/** Date, time and weekday are local. */
export interface TimeOfDay extends LocalTime {
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly timezone: string
}

/** The time in the run's time zone. */
export async function runTime({ context }: ActionInput): Promise<TimeOfDay> {
  const { timezone } = context
  const now = context.now()
  return { now: new Date(now).toISOString(), ...localTime(timezone, now), timezone }
}
