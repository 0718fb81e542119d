import { spread } from '../report/figure.ts'
import type { StoreName } from './stores.ts'

export interface EmbeddedFigure {
  readonly name: string
  readonly unit: string
  /** What is asked of the embedded engine on a disk, in words. */
  readonly wanted: string
  /** The values of all rounds; absent: not measured there. */
  readonly values: Readonly<Partial<Record<StoreName, readonly number[]>>>
}

const stores = ['disk', 'memory', 'everysec', 'always'] as const
const columns = ['figure', 'unit', 'disk', 'memory', 'Redis, everysec', 'Redis, always', 'wanted of disk'] as const

/** Rows in Markdown: medians of rounds, with the least and the greatest in brackets. */
export function embeddedTable(figures: readonly EmbeddedFigure[]): string {
  const rows = figures.map(({ name, unit, wanted, values }) => [
    name,
    unit,
    ...stores.map((store) => spread(values[store] ?? [])),
    wanted,
  ])
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
