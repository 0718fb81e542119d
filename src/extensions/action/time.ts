import type { ActionInput } from './input.ts'

export interface TimeOfDay {
  /** ISO 8601, in UTC. */
  readonly now: string
  /** The other fields show the local time of the time zone. */
  readonly date: string
  readonly time: string
  readonly weekday: string
  readonly timezone: string
}

/** The time in the run's time zone. */
export async function runTime({ context }: ActionInput): Promise<TimeOfDay> {
  const now = new Date(context.now())
  const { timezone } = context
  const format = (locale: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone }).format(now)
  return {
    now: now.toISOString(),
    // The Swedish locale formats dates and times as ISO 8601.
    date: format('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' }),
    time: format('sv-SE', { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    weekday: format('en-US', { weekday: 'long' }),
    timezone,
  }
}
