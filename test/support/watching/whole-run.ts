import type { SeenEvent } from './watchers.ts'

/** How a run without a lost word is seen: one attempt, no withdrawn message, completed. */
export const wholeRun = [1, 0, 'DispatchCompleted']

/** How many attempts and withdrawn messages a watcher saw, and the last event. */
export function kindsOf(events: readonly SeenEvent[]) {
  const count = (kind: string) => events.filter(({ __typename }) => __typename === kind).length
  return [count('DispatchStarted'), count('MessageDiscarded'), events.at(-1)?.__typename]
}
