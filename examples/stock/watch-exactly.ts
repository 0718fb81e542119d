import { backOff } from './back-off.ts'
import { Refused } from './refused.ts'
import type { Watching } from './watching.ts'

/**
 * Delivers every event once and in order across any number of dropped connections, by subscribing again after the last
 * cursor. `subscribe` must report a drop instead of retrying, because a retry would start at the old cursor. Resolves
 * after the last event of the run; rejects when the server refuses.
 */
export async function watchExactly(watching: Watching, subscribe: (once: Watching) => Promise<void>): Promise<void> {
  let after = watching.after ?? null
  let failures = 0
  const onEvent: Watching['onEvent'] = (event) => {
    after = event.cursor
    failures = 0
    watching.onEvent(event)
  }
  for (;;) {
    try {
      return await subscribe({ ...watching, after, onEvent })
    } catch (error) {
      if (error instanceof Refused && error.code !== 'UNAVAILABLE') throw error
      await backOff(failures)
      failures += 1
    }
  }
}
