import { Failure } from '../errors.ts'
import type { Asked, Told } from './messages.ts'
import { OutOfTime, withinTime } from './within-time.ts'

/** `parts` is the larger rest of the input. `signal` is aborted when the time is up: work that waits must look at it. */
type Work = (input: never, parts: readonly never[], signal: AbortSignal) => unknown

/** The jobs of a helper process, by name. */
export type JobTable = Readonly<Record<string, Work>>

/** The helper's end of the channel to the process that started it. */
interface Port {
  on(event: 'message', listen: (asked: unknown) => void): unknown
  send?(told: Told): unknown
}

/**
 * Carries out jobs in a helper process, one at a time. A job that takes too long is interrupted here, so that the process
 * survives it; and a helper whose starter has died ends with its job.
 */
export function serveJobs(port: Port, jobs: JobTable): void {
  let parts: unknown[] = []
  port.on('message', (message) => {
    const asked = message as Asked
    if (asked.kind === 'part') return void parts.push(asked.part)
    const given = parts
    parts = []
    void carryOut(jobs, asked, given).then((told) => port.send?.(told))
  })
  port.send?.({ kind: 'ready' })
}

async function carryOut(
  jobs: JobTable,
  { name, input, ms }: Asked & { kind: 'job' },
  parts: readonly unknown[],
): Promise<Told> {
  const signal = AbortSignal.timeout(ms)
  try {
    // The types of both are those of the table, which the starter shares.
    const work = jobs[name] as (input: unknown, parts: readonly unknown[], signal: AbortSignal) => unknown
    return { kind: 'done', value: await withinTime(ms, () => work(input, parts, signal)) }
  } catch (error) {
    if (error instanceof OutOfTime || signal.aborted) return { kind: 'out-of-time' }
    if (error instanceof RangeError) return { kind: 'out-of-memory' }
    if (error instanceof Failure) return { kind: 'failure', code: error.code, message: error.message }
    return { kind: 'defect', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
