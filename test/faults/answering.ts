import { publish, submit } from '../support/function/function-runs.ts'
import { graphql, type SeenCall, type SeenEvent } from '../support/watching/watchers.ts'
import type { Surroundings } from './clients.ts'

/** An answer that its giver was told is accepted. */
export interface Acknowledged {
  readonly callId: string
  readonly data: unknown
  /** When it was sent: a store that dies after that may lose it, also just before its giver hears. */
  readonly at: number
}

export interface Answering {
  readonly acknowledged: readonly Acknowledged[]
  readonly messages: number
  /** Times that the run was seen parked. */
  readonly parks: number
}

export interface AnsweringOptions extends Surroundings {
  readonly channelId: string
  /** Where its calls of kind CHANNEL wait. */
  readonly topic: string
  readonly over: Over
}

/** When a run's watchers have seen it to its end. */
export interface Over {
  isDeclared(): boolean
  /** Until then at the most. */
  sleep(ms: number): Promise<void>
}

export interface Answerer {
  /** What a watcher sees: some calls are answered as soon as they are announced, before their run is parked. */
  hear(event: SeenEvent): void
  /** Fulfilled when the run is over. */
  readonly done: Promise<Answering>
}

/**
 * Clients that look at a run now and then, or listen to it, and answer its calls, at whichever API: sometimes twice,
 * sometimes at once with another client that says something else. Calls named `late` are left alone until their deadline.
 */
export function answerCalls({ fleet, random, channelId, topic, over }: AnsweringOptions): Answerer {
  const acknowledged: Acknowledged[] = []
  const answeredAtOnce: Promise<void>[] = []
  let messages = 0
  let parks = 0
  let status = ''
  const publishedFor = new Map<string, number>()

  const give = async (callId: string, data: unknown) => {
    for (let tries = 0; tries < 20 && !over.isDeclared(); tries++) {
      const at = Date.now()
      const answer = await submit(random.pick(fleet.apis), { channelId, callId }, { data }).catch(() => 'unreachable')
      if (/^(QUEUED|RUNNING|WAITING|COMPLETED|FAILED|CANCELLED)$/.test(answer)) {
        acknowledged.push({ callId, data, at })
        return
      }
      if (answer !== 'unreachable' && answer !== 'UNAVAILABLE') return
      await over.sleep(50)
    }
  }
  const answerOne = async ({ id, answer }: SeenCall) => {
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

  const look = async () => {
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status pendingCalls { id name answer } } }'
    const { data } = await graphql<{ dispatch: { status: string; pendingCalls: SeenCall[] } | null }>(
      random.pick(fleet.apis),
      query,
      { id: channelId },
    ).catch(() => ({ data: null }))
    if (data?.dispatch == null) return
    if (data.dispatch.status === 'WAITING' && status !== 'WAITING') parks += 1
    status = data.dispatch.status
    const chosen = data.dispatch.pendingCalls.filter(({ name }) => name !== 'late' && random.chance(0.7))
    await Promise.all(chosen.map(answerOne))
  }
  const lookUntilOver = async (): Promise<Answering> => {
    if (random.chance(0.2)) {
      messages += 1
      await publish(random.pick(fleet.apis), topic, { result: { n: 'early' } }).catch(() => '')
    }
    for (;;) {
      await over.sleep(50 + random.int(300))
      if (over.isDeclared()) break
      await look()
    }
    await Promise.all(answeredAtOnce)
    return { acknowledged, messages, parks }
  }
  return {
    hear({ __typename, call }) {
      if (__typename !== 'FunctionResultAwaited' || call === undefined || call.name === 'late') return
      if (random.chance(0.6)) answeredAtOnce.push(answerOne(call))
    },
    done: lookUntilOver(),
  }
}
