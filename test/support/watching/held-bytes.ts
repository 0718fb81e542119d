import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, vi } from 'vitest'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** What this process holds on to: service, clients and all. */
export async function heldBytes(): Promise<number> {
  // What ends a subscription runs in turns of its own.
  for (let n = 0; n < 20; n++) await setImmediate()
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Waits until no more than that is held: what is on its way out goes, and what is kept stays. */
export async function expectHeldBelow(bytes: number): Promise<void> {
  await vi.waitFor(async () => expect(await heldBytes()).toBeLessThan(bytes), { timeout: 60_000, interval: 500 })
}
