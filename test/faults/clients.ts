import { setTimeout as sleep } from 'node:timers/promises'
import { dispatch, graphql, type SeenEvent, transports } from '../support/watchers.ts'
import type { Fleet } from './fleet.ts'
import type { Random } from './random.ts'

/** What one watcher saw from its first event to the ending, over however many connections. */
export interface History {
  readonly events: readonly SeenEvent[]
  readonly connections: number
}

const patienceMs = 60_000

/** Does it until it works: clients of a service that is being killed must. */
async function insist<Result>(act: () => Promise<Result>): Promise<Result> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      return await act()
    } catch (error) {
      if (Date.now() > deadline || isFinal(error)) throw error
      await sleep(50)
    }
  }
}

/** Answers that will not change; everything else is a process or a connection that died. */
function isFinal(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 'CURSOR_EXPIRED' || code === 'CONFLICT' || code === 'BAD_USER_INPUT' || code === 'INTERNAL'
}

/** Dispatches under a chosen id, again and again until there is an answer, and sometimes once more. */
export async function dispatchInsistently(fleet: Fleet, random: Random, input: { channelId: string; model: string }) {
  const send = () => insist(() => dispatch(random.pick(fleet.apis), input))
  await send()
  if (random.chance(0.3)) await send()
}

export async function cancelInsistently(fleet: Fleet, random: Random, channelId: string) {
  const query = 'mutation ($id: ID!) { cancelDispatch(channelId: $id) { dispatch { status } } }'
  await insist(async () => {
    const { errors } = await graphql(random.pick(fleet.apis), query, { id: channelId })
    if (errors !== undefined) throw new Error(errors[0]?.message)
  })
}

/** Watches to the end, going on behind the last event on whichever API is up; drops its own connection now and then. */
export async function watchToTheEnd(fleet: Fleet, random: Random, channelId: string): Promise<History> {
  const events: SeenEvent[] = []
  let connections = 0
  for (const deadline = Date.now() + patienceMs; !isOver(events); ) {
    if (Date.now() > deadline) throw new Error(`${channelId} has not ended; ${events.length} events were seen.`)
    const api = random.pick(fleet.apis)
    const [, watch] = random.pick(transports)
    const watching = watch({ ...api, close: async () => {} }, { channelId, after: events.at(-1)?.cursor ?? null })
    let left = random.chance(0.5) ? 1 + random.int(40) : Number.POSITIVE_INFINITY
    connections += 1
    try {
      for await (const event of watching) {
        events.push(event)
        left -= 1
        if (left > 0) continue
        watching.cut()
        break
      }
    } catch (error) {
      if (isFinal(error)) throw error
      await sleep(50)
    }
  }
  return { events, connections }
}

function isOver(events: readonly SeenEvent[]): boolean {
  return /^Dispatch(Completed|Failed|Cancelled)$/.test(events.at(-1)?.__typename ?? '')
}
