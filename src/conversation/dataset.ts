import { stringifyJson } from '../kernel/json.ts'
/** A dataset that a run's model can search. */
export interface DatasetSpec {
  readonly name: string
  readonly records: readonly DatasetRecord[]
}

export interface DatasetRecord {
  readonly text: string
  readonly meta: Readonly<Record<string, unknown>> | null
}

/** What a record counts against a dataset's limit: the UTF-8 bytes of its text and meta, as JSON. */
export function recordBytes({ text, meta }: DatasetRecord): number {
  const bytes = (value: unknown) => Buffer.byteLength(stringifyJson(value))
  return bytes(text) + (meta === null ? 0 : bytes(meta))
}
