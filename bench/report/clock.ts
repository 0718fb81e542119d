/** Microseconds of CLOCK_MONOTONIC: one clock for all processes of a Linux machine, which is never set back. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1000
}
