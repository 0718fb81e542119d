import { createLineWork, type LineWork, type LineWorkDeps } from '../../../src/dispatch/line/line-work.ts'
import { ids } from './runs.ts'

/** What moves lines on, over an engine. */
export function lineWorkOn(
  engine: Pick<LineWorkDeps, 'runs' | 'lines' | 'transcripts' | 'queue'>,
  over: Partial<LineWorkDeps> = {},
): LineWork {
  return createLineWork({
    ...engine,
    ids,
    clock: () => Date.now(),
    traceparent: () => undefined,
    absentMs: 40_000,
    ...over,
  })
}
