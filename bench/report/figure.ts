import type { SystemName } from '../systems/system.ts'
import type { Rounds } from './rounds.ts'
import { median } from './statistics.ts'

/** One line of the table. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** The target. Absent: no worse than the naive system. */
  readonly target?: number
  /** The values of all rounds; empty for a system without this figure. */
  readonly values: Readonly<Record<SystemName, readonly number[]>>
}

/**
 * Reports a figure: to bench/main.ts, which collects all in one table, or to the terminal if the benchmark runs alone.
 */
export function report(figure: Figure): void {
  if (process.send === undefined) process.stdout.write(`${tableOf([figure])}\n`)
  else process.send(figure)
}

/** Adds a remark below the table. */
export function remark(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

/** Adds the CPU cost per run (or per `what`), by process, as medians of the rounds. */
export function remarkCpu(rounds: Rounds, count: number, what: string): void {
  for (const name of ['ours', 'naive', 'floor'] as const) {
    const first = rounds[name][0]
    if (first === undefined) continue
    const parts = Object.keys(first.cpuMs).map((part) => {
      const cost = median(rounds[name].map(({ cpuMs }) => cpuMs[part] ?? 0))
      return `${part} ${((cost * 1000) / count).toFixed(0)}`
    })
    const share = median(rounds[name].map(({ cpuMs, elapsedMs }) => ((cpuMs['load'] ?? 0) / elapsedMs) * 100))
    remark(
      `${name}: CPU µs per ${what}: ${parts.join(', ')}; the load generator took ${share.toFixed(0)} % of one core`,
    )
  }
}

const columns = ['figure', 'unit', 'ours', 'naive', 'floor', 'ours/naive', 'wanted'] as const

/** The table in Markdown. Each value is a median, with minimum and maximum in parentheses. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, better, values, target }) => {
    const sign = better === 'more' ? '≥' : '≤'
    const wanted = target === undefined ? (values.naive.length > 0 ? `${sign} naive` : '') : `${sign} ${target}`
    const [ours, naive, floor] = [values.ours, values.naive, values.floor].map(spread)
    const isRatio = values.naive.length > 0 && Math.min(median(values.ours), median(values.naive)) > 0
    const ratio = isRatio ? `${shown(median(values.ours) / median(values.naive))} ×` : '–'
    return [name, unit, ours, naive, floor, ratio, wanted]
  })
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return lines.join('\n')
}

/** The median in bold, with minimum and maximum in parentheses; a dash where there is no value. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return '–'
  const whole = `**${shown(median(values))}**`
  return values.length === 1 ? whole : `${whole} (${shown(Math.min(...values))}–${shown(Math.max(...values))})`
}

/** Formats with three significant digits. */
function shown(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return value.toFixed(Math.min(digits, 2))
}
