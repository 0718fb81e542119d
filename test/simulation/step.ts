import type { World } from './world.ts'

/** One step of whatever can happen; false: nothing can, until time goes on. */
export async function step(world: World, isFaulty: boolean): Promise<boolean> {
  const { random, steps, network, jobs, fleet, time } = world
  const worker = random.pick(fleet.workers)
  const first = random.int(3)
  for (let i = 0; i < 3; i++) {
    const what = (first + i) % 3
    if (what === 0 && worker.process.pausedUntil <= time.now() && jobs.give(worker.process, worker.handle)) return true
    if (what === 1 && network.deliver(isFaulty && world.losesSignals)) return true
    if (what === 2 && steps.ready > 0) {
      await steps.some(isFaulty)
      if (isFaulty) await fleet.bury()
      return true
    }
  }
  return false
}
