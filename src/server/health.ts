import { timings } from '../config/timings.ts'

/** Checks whether a part of the process can serve. Throws, or takes too long, if it cannot. */
export type ReadinessCheck = () => Promise<unknown>

export async function isReady(check: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timings.server.readinessTimeoutMs)
  })
  const checked = check().then(
    () => true,
    () => false,
  )
  return Promise.race([checked, tooLong]).finally(() => clearTimeout(timer))
}
