const numbers = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

export const formatNumber = (value: number): string => numbers.format(value)
export const formatCompact = (value: number): string => compact.format(value)

/** `340 ms`, `2.4 s`, `3 min 20 s`, `5 h 12 min`, `2 d 3 h` */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const [d, h, min, s] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor)
  if (d) return `${d} d ${h} h`
  return h ? `${h} h ${min} min` : `${min} min ${s} s`
}

/** The time of today; before that, the day too. */
export function formatTime(at: string, now = new Date()): string {
  const when = new Date(at)
  const isToday = when.toDateString() === now.toDateString()
  return isToday ? time.format(when) : `${day.format(when)}, ${time.format(when)}`
}

/** As prices are: two digits, and more where they would say nothing. */
export function formatCost(cost: number): string {
  return cost !== 0 && Math.abs(cost) < 0.01 ? cost.toPrecision(2) : cost.toFixed(2)
}
