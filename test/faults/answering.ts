import { setTimeout as sleep } from 'node:timers/promises'
import { publish, submit } from '../support/function-runs.ts'
import { graphql, type SeenCall } from '../support/watchers.ts'
import type { Fleet } from './fleet.ts'
import type { Random } from './random.ts'

/** An answer that its giver was told is accepted. */
export interface Acknowledged {
  readonly callId: string
  readonly data: unknown
  readonly at: number
}

export interface Answering {
  readonly acknowledged: readonly Acknowledged[]
  readonly messages: number
  /** Times that the run was seen parked. */
  readonly parks: number
}

export interface AnsweringOptions {
  readonly fleet: Fleet
  readonly random: Random
  readonly channelId: string
  /** Where its calls of kind CHANNEL wait. */
  readonly topic: string
  readonly isOver: () => boolean
}

/**
 * A client that looks at a run now and then and answers its calls, at whichever API: sometimes twice, sometimes at once with
 * another client that says something else. Calls named `late` are left alone until their deadline.
 */
export async function answerCalls({ fleet, random, channelId, topic, isOver }: AnsweringOptions): Promise<Answering> {
  const acknowledged: Acknowledged[] = []
  let messages = 0
  let parks = 0
  let status = ''
  const publishedFor = new Map<string, number>()

  const give = async (callId: string, data: unknown) => {
    for (let tries = 0; tries < 20 && !isOver(); tries++) {
      const answer = await submit(random.pick(fleet.apis), { channelId, callId }, { data }).catch(() => 'unreachable')
      if (/^(QUEUED|RUNNING|WAITING|COMPLETED|FAILED|CANCELLED)$/.test(answer)) {
        acknowledged.push({ callId, data, at: Date.now() })
        return
      }
      if (answer !== 'unreachable' && answer !== 'UNAVAILABLE') return
      await sleep(50)
    }
  }
  const answerOne = async ({ id, name, answer }: SeenCall) => {
    if (name === 'late' || random.chance(0.3)) return
    if (answer === 'CHANNEL') {
      // Not again at once: it would answer the run's next call.
      if (Date.now() - (publishedFor.get(id) ?? 0) < 5000) return
      publishedFor.set(id, Date.now())
      messages += 1
      await publish(random.pick(fleet.apis), topic, { result: { n: random.int(1000) } }).catch(() => '')
      return
    }
    const data = { n: random.int(1000) }
    const others = random.chance(0.3) ? [{ n: random.int(1000) }] : random.chance(0.3) ? [data] : []
    await Promise.all([data, ...others].map((each) => give(id, each)))
  }

  if (random.chance(0.2)) {
    messages += 1
    await publish(random.pick(fleet.apis), topic, { result: { n: 'early' } }).catch(() => '')
  }
  while (!isOver()) {
    await sleep(50 + random.int(300))
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status pendingCalls { id name answer } } }'
    const { data } = await graphql<{ dispatch: { status: string; pendingCalls: SeenCall[] } | null }>(
      random.pick(fleet.apis),
      query,
      { id: channelId },
    ).catch(() => ({ data: null }))
    if (data?.dispatch == null) continue
    if (data.dispatch.status === 'WAITING' && status !== 'WAITING') parks += 1
    status = data.dispatch.status
    await Promise.all(data.dispatch.pendingCalls.map(answerOne))
  }
  return { acknowledged, messages, parks }
}
