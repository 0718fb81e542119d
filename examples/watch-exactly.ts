import { backOff } from './back-off.ts'
import { Refused } from './refused.ts'
import type { Watching } from './watching.ts'

/**
 * Every event once and in order, over any number of dropped connections: each time the subscription is made anew
 * behind the last cursor. `subscribe` must report a drop, not retry by itself, for it would begin where it began.
 * Resolves after the ending; rejects when refused.
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
