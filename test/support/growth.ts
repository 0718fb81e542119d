import { expect } from 'vitest'

/** Processor time of one batch: far above the clock's own steps, which are 4 ms on some kernels. */
const leastBatchMs = 20
/** Batches of each size; the cheapest counts. */
const samples = 3

/** How many times the size the larger work has. */
const times = 16
/** How much more a part of the larger work may cost: 1 is linear, `times` is quadratic. */
const tolerance = 2.5

/**
 * Expects the cost of the work to grow with its size, and not with the square of it: doing it once at 16 times the size
 * costs what doing it 16 times costs. It counts this thread's processor time instead of the time that passes, and linear
 * work exposes both sides to the same noise, so a slow or busy machine does not change the result. The cheapest batch
 * of each side counts. A result that looks worse than linear is measured again, because noise only adds.
 */
export function expectLinear(work: (size: number) => void, size: number): void {
  const small = () => {
    for (let n = 0; n < times; n++) work(size)
  }
  const large = () => work(size * times)
  let repeats = 1
  while (cpuMs(small, repeats) < leastBatchMs) repeats *= 2
  let [cheapestSmall, cheapestLarge] = [Infinity, Infinity]
  for (let n = 0; n < 4 * samples; n++) {
    cheapestSmall = Math.min(cheapestSmall, cpuMs(small, repeats))
    cheapestLarge = Math.min(cheapestLarge, cpuMs(large, repeats))
    if (n + 1 >= samples && cheapestLarge / cheapestSmall < tolerance) break
  }
  expect(cheapestLarge / cheapestSmall).toBeLessThan(tolerance)
}

function cpuMs(run: () => void, repeats: number): number {
  const before = process.threadCpuUsage()
  for (let n = 0; n < repeats; n++) run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
