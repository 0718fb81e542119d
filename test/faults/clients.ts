import { setTimeout as sleep } from 'node:timers/promises'
import { dispatch, graphql, type SeenEvent, transports } from '../support/watching/watchers.ts'
import type { Fleet } from './fleet.ts'
import type { Random } from './random.ts'

/** What one watcher saw from its first event to the ending, over however many connections. */
export interface History {
  readonly events: readonly SeenEvent[]
  readonly connections: number
  /** Times that it had to begin again, because the log had gone back. */
  readonly expired: number
}

/** What every client needs. */
export interface Surroundings {
  readonly fleet: Fleet
  readonly random: Random
  /** Who waits for longer has found something. */
  readonly patienceMs: number
}

/** Does it until it works: clients of a service that is being killed must. */
export async function insist<Result>({ fleet, patienceMs }: Surroundings, act: () => Promise<Result>): Promise<Result> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      return await act()
    } catch (error) {
      if (Date.now() > deadline || isFinal(error)) throw error
      await sleep(fleet.retryMs)
    }
  }
}

/** Answers that will not change; everything else is a process or a connection that died. */
function isFinal(error: unknown): boolean {
  return /^(CURSOR_EXPIRED|CONFLICT|BAD_USER_INPUT|INTERNAL)$/.test(codeOf(error))
}

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code)
}

/** Dispatches under a chosen id, again and again until there is an answer, and sometimes once more, or twice at once. */
export async function dispatchInsistently(surroundings: Surroundings, input: object): Promise<void> {
  const { fleet, random } = surroundings
  const send = () => insist(surroundings, () => dispatch(random.pick(fleet.apis), input))
  await Promise.all(random.chance(0.2) ? [send(), send()] : [send()])
  if (random.chance(0.3)) await send()
}

export async function cancelInsistently(surroundings: Surroundings, channelId: string): Promise<void> {
  const { fleet, random } = surroundings
  const query = 'mutation ($id: ID!) { cancelDispatch(channelId: $id) { dispatch { status } } }'
  await insist(surroundings, async () => {
    const { errors } = await graphql(random.pick(fleet.apis), query, { id: channelId })
    // The store may have lost the run meanwhile.
    if (errors?.[0]?.extensions?.['code'] === 'NOT_FOUND' && fleet.losses.length > 0) return
    if (errors !== undefined) throw new Error(errors[0]?.message)
  })
}

export interface Watched {
  readonly channelId: string
  readonly onEvent: (event: SeenEvent) => void
}

/**
 * Watches to the end, continuing after the last event on whichever API is up; drops its own connection now and then. A store
 * that has lost its last writes makes it begin again.
 */
export async function watchToTheEnd(
  { fleet, random, patienceMs }: Surroundings,
  { channelId, onEvent }: Watched,
): Promise<History> {
  let events: SeenEvent[] = []
  let connections = 0
  let expired = 0
  let lastError: unknown = 'nothing'
  for (const deadline = Date.now() + patienceMs; !isOver(events); ) {
    if (Date.now() > deadline) {
      const last = `${events.length} events were seen, the last a ${events.at(-1)?.__typename}`
      throw new Error(
        `${channelId} has not ended; ${last}; ${connections} connections, the last ended with ${lastError}`,
      )
    }
    const api = random.pick(fleet.apis)
    const [, watch] = random.pick(transports)
    const watching = watch({ ...api, close: async () => {} }, { channelId, after: events.at(-1)?.cursor ?? null })
    let left = random.chance(0.6) ? 1 + random.int(random.pick([6, 40])) : Number.POSITIVE_INFINITY
    connections += 1
    // A process that is stopped by SIGSTOP says nothing at all, and no timeout of TCP is so short.
    const impatience = setTimeout(() => watching.cut(), 15_000)
    try {
      for await (const event of watching) {
        impatience.refresh()
        events.push(event)
        onEvent(event)
        left -= 1
        if (left > 0) continue
        watching.cut()
        // Away for a while: what it comes back to may have gone back meanwhile, and grown again.
        if (random.chance(0.3)) await sleep(random.int(random.pick([1000, 4000])))
        break
      }
    } catch (error) {
      lastError = error
      if (codeOf(error) === 'CURSOR_EXPIRED' && fleet.losses.length > 0) {
        events = []
        expired += 1
      } else if (isFinal(error)) throw error
      await sleep(fleet.retryMs)
    } finally {
      clearTimeout(impatience)
    }
  }
  return { events, connections, expired }
}

function isOver(events: readonly SeenEvent[]): boolean {
  return /^Dispatch(Completed|Failed|Cancelled)$/.test(events.at(-1)?.__typename ?? '')
}
