import { readFileSync } from 'node:fs'

const streams = new URL('../streams/', import.meta.url)

const contentTypes: Readonly<Record<string, string>> = {
  sse: 'text/event-stream',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
}

export interface Reply {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

/** The exact bytes of a recorded answer, by its path below `test/models/streams`. */
export function recorded(file: string): Reply {
  const contentType = contentTypes[file.split('.').at(-1) ?? ''] ?? ''
  return { status: 200, body: readFileSync(new URL(file, streams), 'utf8'), contentType }
}
