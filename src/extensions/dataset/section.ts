import type { DatasetRecord } from '../../conversation/dataset.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { onOneLine } from '../resolve/assemble-placeholders.ts'

export interface NamedDataset {
  readonly name: string | null
  readonly description: string | null
  readonly records: readonly DatasetRecord[]
}

/** A dataset as a section of the prompt. Placeholders are filled in the heading, never in the records. */
export interface DatasetSection {
  readonly heading: string
  readonly records: string
}

export function datasetSection(
  kind: 'Dataset' | 'Inline Dataset',
  { name, description, records }: NamedDataset,
): DatasetSection {
  const title = name === null || name.trim() === '' ? `# ${kind}` : `# ${kind}: ${onOneLine(name)}`
  return {
    heading: description === null || description.trim() === '' ? title : `${title}\n\n${description}`,
    records: records.map(entry).join('\n'),
  }
}

/**
 * Writes a record as an entry of a YAML list. Every line of its text is indented, whatever character ends a line, so
 * that no text can end the entry or begin a section.
 */
function entry({ text, meta }: DatasetRecord): string {
  const lines = text.trimEnd().split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/)
  return [
    '- text: |',
    ...lines.map((line) => `    ${line}`.trimEnd()),
    ...(meta === null ? [] : [`  meta: ${onOneLine(stringifyJson(meta))}`]),
  ].join('\n')
}

/** The estimated tokens of a section: four characters per token, which holds for English. */
export function sectionTokens({ heading, records }: DatasetSection): number {
  return Math.ceil((heading.length + records.length) / 4)
}
