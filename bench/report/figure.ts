import type { SystemName } from '../systems/system.ts'
import type { Rounds } from './rounds.ts'
import { median } from './statistics.ts'

/** A line of the table. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** What we want; absent: to be no worse than naive. */
  readonly target?: number
  /** Of several rounds each; empty where a system has no such figure. */
  readonly values: Readonly<Record<SystemName, readonly number[]>>
}

/** To the table that bench/main.ts makes of all; alone, to the terminal. */
export function report(figure: Figure): void {
  if (process.send === undefined) process.stdout.write(`${tableOf([figure])}\n`)
  else process.send(figure)
}

/** A remark below the table. */
export function remark(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

/** What a run (or whatever `count` counts) cost in CPU, by process, medians of the rounds. */
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

/** Markdown. Each value is a median, the least and the greatest round in brackets. */
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

function spread(values: readonly number[]): string {
  if (values.length === 0) return '–'
  const whole = `**${shown(median(values))}**`
  return values.length === 1 ? whole : `${whole} (${shown(Math.min(...values))}–${shown(Math.max(...values))})`
}

/** Three digits that matter. */
function shown(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return value.toFixed(Math.min(digits, 2))
}
