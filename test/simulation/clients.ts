import type { FunctionResultAwaited } from '../../src/conversation/event.ts'
import type { CallOutcome } from '../../src/conversation/fold.ts'
import { parseDispatchInput } from '../../src/conversation/input/dispatch-input.ts'
import { Failure } from '../../src/kernel/errors.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import type { Api } from './fleet.ts'
import { createNudgeActs, type Nudged } from './nudge-acts.ts'
import { createTalkActs } from './talk/talk-acts.ts'
import { inProcess } from './virtual-time.ts'
import type { World } from './world.ts'

/** An answer that its giver was told is accepted. */
export interface Acknowledged {
  readonly channel: string
  readonly callId: string
  readonly data: unknown
}

export interface ClientActs extends Nudged {
  /** Something that a client may do, at some API. */
  act(): void
  /** Answers a call that has just been announced, in the way that it is to be answered. */
  answer(key: ChannelKey, awaited: Pick<FunctionResultAwaited, 'call' | 'resultChannelId'>): void
  /** Answers some of the calls that can be answered now, without looking first. */
  answerSome(): Promise<void>
  /** Dispatches what is not there, answers every call, publishes a message for each that waits for one; what it finds wrong. */
  answerAll(): Promise<string[]>
  /** The last word of the conversation, unless it is on its way. */
  sayLast(): void
  /** What has not ended, for a simulation that hangs. */
  describe(): Promise<string[]>
  readonly acknowledged: readonly Acknowledged[]
  /** The results of all messages that were sent, as JSON, whatever became of them. */
  readonly published: readonly string[]
  /** The store has gone back: what was accepted may be gone. */
  forget(): void
}

type ClientsOptions = Pick<
  World,
  'theme' | 'random' | 'time' | 'steps' | 'store' | 'jobs' | 'fleet' | 'runs' | 'topic' | 'count' | 'talk'
> & {
  /** Whether one who watches it has seen its ending. */
  readonly hasEnded: (key: ChannelKey) => boolean
  readonly onDefect: (what: string) => void
}

export type Act =
  | 'dispatch'
  | 'dispatch something else'
  | 'submit'
  | 'publish'
  | 'publish an error'
  | 'publish an abort'
  | 'cancel'
  | 'add'
  | 'raise'
  | 'remove'
  | 'remove the conversation'

/** Named twice, twice as often. */
const allActs: readonly Act[] = [
  ...many(8, 'dispatch'),
  ...many(2, 'dispatch something else'),
  ...many(12, 'submit'),
  ...many(11, 'publish'),
  'publish an error',
  'publish an abort',
  ...many(2, 'cancel'),
]

export function createClients(options: ClientsOptions): ClientActs {
  const { theme, random, steps, store, jobs, fleet, runs, topic, talk, count, hasEnded, onDefect } = options
  let acknowledged: Acknowledged[] = []
  const published: string[] = []
  /** Runs whose first input was lost with the store, and that got another one since. */
  const changed = new Set<string>()
  let era = 0
  const known = new Map<string, ChannelKey>()
  let expected: readonly string[] = []
  /** In this round. */
  let hasSaidLast = false
  // What clients do in this simulation. All of them dispatch; what ends runs early is not always there.
  const acts: readonly Act[] = ['dispatch', ...Array.from({ length: 12 }, () => random.pick(theme.acts ?? allActs))]
  /** How many different messages there are: equal ones may be mixed up. */
  const values = theme.values ?? 1 + random.int(2)

  const ask = (what: string, request: (api: Api) => Promise<void>) => {
    const api = random.pick(fleet.apis)
    count(what)
    const failed = (error: unknown) => {
      const code = error instanceof Failure ? error.code : 'a defect'
      // A first input that the store has lost may have made room for another.
      if (code === 'UNAVAILABLE' || (code === 'CONFLICT' && era > 0)) return
      onDefect(`${what} failed: ${error}`)
    }
    inProcess.run(api.process, () => void request(api).catch(failed))
  }

  const talking = createTalkActs({ ask, era: () => era, count, onDefect })
  const dispatch = (key: ChannelKey) => {
    if (talk !== null) return talking.say(talk, key)
    ask('dispatches', async (api) => {
      const mine = era
      await api.dispatchConversation(key.account, inputOf(key, 'Hello'))
      await steps.perform('accepted?', async () => {
        const [run] = await store.runs.find([key])
        const isQueued = run?.status !== 'queued' || run.attempts > 0 || jobs.has({ key, wake: run.wake })
        if (!isQueued && mine === era) onDefect(`${key.channel} was accepted, but is not in the queue`)
      })
    })
  }
  const dispatchOther = (key: ChannelKey) =>
    ask('other dispatches', async (api) => {
      const [run] = await steps.perform('is there?', () => store.runs.find([key]))
      if (run == null) return
      const mine = era
      const { message } = await api
        .dispatchConversation(key.account, inputOf(key, 'Something else'))
        .then(() => ({ message: 'accepted' }))
        .catch((error: Failure) => ({ message: error.code }))
      if (message !== 'accepted') return
      if (mine !== era) changed.add(key.channel)
      else if (!changed.has(key.channel)) onDefect(`${key.channel} accepted a second input`)
    })
  const submit = (key: ChannelKey, callId: string, outcome: CallOutcome) =>
    ask('answers', async (api) => {
      const mine = era
      const reply = await api.answers.submit(key, callId, outcome)
      count(`answers ${reply.outcome}`)
      const isAccepted = reply.outcome === 'settled' || reply.outcome === 'repeated'
      if (!isAccepted || mine !== era || outcome.kind === 'failed') return
      acknowledged.push({ channel: key.channel, callId, data: outcome.data })
    })
  const publish = (message: Record<string, unknown>) => {
    published.push(JSON.stringify(message['result']))
    ask('messages', async (api) => void (await api.answers.publish(topic, message)))
  }
  const answer: ClientActs['answer'] = (key, { call, resultChannelId }) => {
    if (resultChannelId === null) submit(key, call.id, { kind: 'completed', data: random.int(3) })
    else publish({ result: random.int(values) })
  }
  const cancel = (key: ChannelKey) =>
    ask('cancels', async (api) => {
      await api.cancelDispatch(key, 'enough')
    })
  const nudging = createNudgeActs({ random, ask, cancel, era: () => era, count, onDefect })
  const submitSomething = () =>
    // What is pending is looked at as a step of its own: the client knows it from then on.
    void steps.perform('client looks', async () => {
      const open: [callId: string, key: ChannelKey][] = []
      for (const key of runs) for (const { call } of await store.runs.pending(key)) open.push([call.id, key])
      for (const [callId, key] of open) known.set(callId, key)
      if (known.size === 0) return
      // Now and then one that has its answer, or is gone.
      const [callId, key] = random.pick(open.length > 0 && random.chance(0.7) ? open : [...known])
      const answer = (): CallOutcome => ({ kind: 'completed', data: random.int(3) })
      submit(key, callId, answer())
      if (random.chance(0.3)) submit(key, callId, answer())
    })

  return {
    act() {
      const key = random.pick(runs)
      switch (random.pick(acts)) {
        case 'dispatch':
          return dispatch(key)
        case 'dispatch something else':
          return dispatchOther(key)
        case 'submit':
          return submitSomething()
        case 'publish':
          return publish({ result: random.int(values) })
        case 'publish an error':
          return publish({ error: 'no' })
        case 'publish an abort':
          return publish({ abort: 'stop' })
        case 'cancel':
          return cancel(key)
        case 'add':
          return nudging.add(key)
        case 'raise':
          return nudging.raise(key, 'a little')
        case 'remove': {
          const utterance = talk?.find(key) ?? null
          return void (utterance !== null && hasEnded(key) && talking.remove(utterance))
        }
        case 'remove the conversation':
          return void (talk !== null && talking.removeConversation(talk))
      }
    },
    answer,
    async answerSome() {
      for (const key of runs) {
        for (const pending of await store.runs.pending(key)) if (random.chance(0.5)) answer(key, pending)
      }
    },
    sayLast() {
      if (hasSaidLast) return
      hasSaidLast = true
      const key = talk?.sayLast() ?? null
      if (key !== null) dispatch(key)
    },
    async answerAll() {
      hasSaidLast = false
      const stillPending: string[] = []
      const waiting: string[] = []
      for (const key of runs) {
        const utterance = talk?.find(key) ?? null
        if (utterance?.removal === 'asked') talking.remove(utterance)
        const [run] = await store.runs.find([key])
        if (run == null && !talk?.isMoot(key)) dispatch(key)
        if (run?.paused != null) nudging.endPause(key, run.paused.until)
        for (const { call, resultChannelId } of await store.runs.pending(key)) {
          if (expected.includes(call.id)) stillPending.push(`a message for ${call.id} of ${key.channel} was swallowed`)
          if ((call.deadline ?? 0) <= store.clock()) continue
          if (resultChannelId === null) submit(key, call.id, { kind: 'completed', data: 'calm' })
          else waiting.push(call.id)
        }
      }
      for (const _call of waiting) publish({ result: 'calm' })
      expected = waiting
      return stillPending
    },
    async describe() {
      const lines: string[] = []
      for (const key of runs) {
        const [run] = await store.runs.find([key])
        const pending = await store.runs.pending(key)
        lines.push(`${key.channel} hangs: ${run?.status}, wake ${run?.wake}, ${pending.length} pending`)
      }
      return lines
    },
    get acknowledged() {
      return acknowledged
    },
    get added() {
      return nudging.added
    },
    get raised() {
      return nudging.raised
    },
    published,
    forget() {
      acknowledged = []
      nudging.forget()
      talk?.forget()
      known.clear()
      expected = []
      era += 1
    },
  }
}

const inputOf = ({ channel }: ChannelKey, text: string) =>
  parseDispatchInput({ channelId: channel, messages: [{ type: 'user', text }] }, [])

export function many<Name extends string>(times: number, name: Name): readonly Name[] {
  return Array.from({ length: times }, () => name)
}
