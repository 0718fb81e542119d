import { graphql } from '../../support/watching/watchers.ts'
import type { Over } from '../answering.ts'
import { codeOf, insist, type Surroundings } from '../clients.ts'
import { minted } from './words.ts'

export interface Nudged {
  readonly added: readonly string[]
  readonly raised: readonly number[]
}

interface NudgesOptions {
  readonly channelId: string
  readonly over: Over
}

interface Seen {
  readonly reachedLimit: { readonly kind: string; readonly used: number } | null
}

const addQuery =
  'mutation ($input: AddDispatchMessagesInput!) { addDispatchMessages(input: $input) { dispatch { status } } }'
const raiseQuery =
  'mutation ($input: RaiseDispatchLimitsInput!) { raiseDispatchLimits(input: $input) { dispatch { status } } }'

/**
 * A client that adds messages to a run at any moment, sometimes twice, and raises what has paused it: too little, enough, to its end, or,
 * one in five, not at all, and cancels it in the end.
 */
export async function createNudges(surroundings: Surroundings, { channelId, over }: NudgesOptions): Promise<Nudged> {
  const { fleet, random } = surroundings
  const added: string[] = []
  const raised: number[] = []
  const gives = random.chance(0.2)
  const isTalkative = random.chance(0.5)
  let pauses = 0

  const mutate = async (query: string, input: object): Promise<boolean> => {
    try {
      await insist(surroundings, async () => {
        const { errors } = await graphql(random.pick(fleet.apis), query, { input: { channelId, ...input } })
        const code = errors?.[0]?.extensions?.['code']
        // A store that went back may have lost the run; it is dispatched again.
        if (errors !== undefined && !(code === 'NOT_FOUND' && over.isDeclared()))
          throw { code, message: errors[0]?.message }
      })
      return true
    } catch (error) {
      // It has ended.
      if (codeOf(error) === 'CONFLICT') return false
      throw error
    }
  }
  const add = async () => {
    const id = minted('added')
    const once = () => mutate(addQuery, { messages: [{ id, type: 'USER', text: `say ${id}.` }] })
    const [isIn] = await Promise.all(random.chance(0.3) ? [once(), once()] : [once()])
    // Sent again when its answer is known, it is the same.
    if (isIn && random.chance(0.3)) await once()
    if (isIn) added.push(id)
  }
  const raise = async (limits: object) => {
    const calls = 1000 + random.int(90_000)
    if (await mutate(raiseQuery, { limits: { calls, ...limits } })) raised.push(calls)
  }
  const look = async (): Promise<Seen | null> => {
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { reachedLimit { kind used } } }'
    const { data } = await graphql<{ dispatch: Seen | null }>(random.pick(fleet.apis), query, { id: channelId }).catch(
      () => ({ data: null }),
    )
    return data?.dispatch ?? null
  }
  const endPause = async ({ kind, used }: { readonly kind: string; readonly used: number }) => {
    pauses += 1
    if (gives) {
      if (pauses < 4) return
      const query = 'mutation ($input: ID!) { cancelDispatch(channelId: $input) { dispatch { status } } }'
      await graphql(random.pick(fleet.apis), query, { input: channelId }).catch(() => {})
      return
    }
    if (pauses > 3) return raise({ whenReached: 'END' })
    const more = used + random.pick([0, 1, 300])
    await raise(kind === 'ITERATIONS' ? { iterations: Math.max(1, more) } : { tokens: Math.max(1, more) })
  }

  for (;;) {
    await over.sleep(50 + random.int(500))
    if (over.isDeclared()) return { added, raised }
    const reached = (await look())?.reachedLimit ?? null
    if (reached !== null) await endPause(reached)
    else if (isTalkative && random.chance(0.7)) await add()
    // A raise that nobody waits for.
    else if (random.chance(0.05)) await raise({ iterations: 1 + random.int(20) })
  }
}
