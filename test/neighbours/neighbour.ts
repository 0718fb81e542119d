import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, dispatchBy } from './account.ts'

/** What one run of the neighbour was like for who watched it. */
export interface SeenRun {
  /** From sending the dispatch to the first token, in ms; null: none came. */
  readonly firstTokenMs: number | null
  readonly attempts: number
  readonly discarded: number
  /** The type of the last event; what went wrong where there was none. */
  readonly ending: string
}

const query = `subscription ($channelId: ID!) {
  channelEvents(channelId: $channelId) { __typename ... on DispatchStarted { attempt } ... on TextDelta { text } }
}`

interface Seen {
  readonly __typename: string
  readonly attempt?: number
}

/** Runs dispatches one after the other, one each `everyMs`, each watched over a WebSocket from before it is accepted. */
export async function runsOf(account: Account, count: number, everyMs: number): Promise<readonly SeenRun[]> {
  const runs: Promise<SeenRun>[] = []
  for (let run = 0; run < count; run++) {
    runs.push(seeRun(account))
    await sleep(everyMs)
  }
  return Promise.all(runs)
}

async function seeRun(account: Account): Promise<SeenRun> {
  const channelId = `neighbour-${randomUUID()}`
  const client = account.connect()
  let [firstTokenMs, attempts, discarded, ending]: [number | null, number, number, string] = [null, 0, 0, 'nothing']
  const startedAt = performance.now()
  // Longer than a lost lease and a second attempt take.
  const patience = setTimeout(() => client.terminate(), 60_000)
  try {
    const events = client.iterate<{ channelEvents: Seen }>({ query, variables: { channelId } })
    const input = { channelId, model: 'demo/delayMs=10/words=20', messages: [{ type: 'USER', text: 'Hi' }] }
    const accepted = dispatchBy(account, input)
    accepted.catch((error: Error) => {
      ending = error.message
      client.terminate()
    })
    for await (const { data, errors } of events) {
      if (!data) throw new Error(errors?.[0]?.message)
      const event = data.channelEvents
      ending = event.__typename
      if (ending === 'TextDelta') firstTokenMs ??= performance.now() - startedAt
      if (ending === 'MessageDiscarded') discarded += 1
      if (event.attempt !== undefined) attempts = event.attempt
    }
    await accepted
  } catch (error) {
    ending = error instanceof Error ? error.message : `after ${ending}: ${JSON.stringify(error)}`
  } finally {
    clearTimeout(patience)
    await client.dispose()
  }
  return { firstTokenMs, attempts, discarded, ending }
}

/** Of what was seen; with 20 values the 99th percentile is the longest. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
