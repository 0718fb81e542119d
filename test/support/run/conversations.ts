import type { ChannelEvent } from '../../../src/conversation/event.ts'
import { fold, transcript } from '../../../src/conversation/fold.ts'
import { parseDispatchInput } from '../../../src/conversation/input/dispatch-input.ts'
import type { Message } from '../../../src/conversation/message.ts'
import { noUsage } from '../../../src/conversation/usage.ts'
import { createDispatchConversation, type DispatchDeps } from '../../../src/dispatch/dispatch.ts'
import { unlimitedRate } from '../../../src/dispatch/limits/dispatch-rate.ts'
import { unlimitedDays } from '../../../src/dispatch/limits/used-today.ts'
import type { LineWorkDeps } from '../../../src/dispatch/line/line-work.ts'
import type { Run } from '../../../src/dispatch/run.ts'
import type { Job } from '../../../src/dispatch/schedule/queue.ts'
import { type ConversationId, type ConversationKey, localAccount } from '../../../src/kernel/ids.ts'
import type { Engine } from '../../conformance/engines.ts'
import { answered, asking, awaited, call, requested } from './facts.ts'
import { lineWorkOn } from './line-work.ts'
import { ids, newRun } from './runs.ts'

/** A conversation on an engine, with a queue that a test works off by hand. */
export function createTalk(
  engine: Engine,
  { key: known, ...over }: Partial<LineWorkDeps & DispatchDeps & { key: ConversationKey }> = {},
) {
  const key: ConversationKey = known ?? { account: localAccount, conversation: `talk-${ids.nonce()}` as ConversationId }
  const jobs: Job[] = []
  const queue = over.queue ?? { add: async (job: Job) => void jobs.push(job) }
  const ports = { ...engine, ...over, queue }
  const lineWork = lineWorkOn(ports)
  const dispatchConversation = createDispatchConversation({
    ...ports,
    lineWork,
    preflight: { resolve: async () => ({ request: newRun().request, botId: null, contactId: null }), models: () => [] },
    rate: unlimitedRate,
    daily: unlimitedDays,
    ids,
    clock: () => Date.now(),
    traceparent: () => undefined,
    repairMs: 5000,
  })
  const find = async (run: Pick<Run, 'key'>) => (await engine.runs.find([run.key]))[0] as Run
  const claims = new Map<string, { claim: string; seq: number }>()
  const heldBy = (run: Run) => {
    const held = claims.get(run.key.channel)
    if (held === undefined) throw new Error('Nobody has claimed the run.')
    return held
  }
  const append = async (run: Run, ...events: ChannelEvent[]) => {
    const held = heldBy(run)
    held.seq += 1
    return engine.runs.append(run.key, { ...held, tag: ids.tag(), events, open: [] })
  }

  return {
    key,
    jobs,
    lineWork,
    find,
    append,

    /** A user's message, whose id is its text. */
    say: async (text: string, input: object = {}) =>
      dispatchConversation(
        key.account,
        parseDispatchInput(
          { messages: [{ id: text, type: 'user', text }], conversationId: key.conversation, ...input },
          ['input'],
        ),
      ),

    /** A worker takes the run. False: it may not. */
    async claim(run: Run) {
      const claim = ids.nonce()
      const { wake } = await find(run)
      const reply = await engine.runs.claim(run.key, { wake, claim, tag: ids.tag(), lossLimit: 5 })
      if (reply.outcome !== 'claimed') return false
      claims.set(run.key.channel, { claim, seq: 0 })
      return true
    },

    /** The worker says this, and the run has ended; nobody has moved the line on yet. */
    async finish(run: Run, answer: string) {
      const said: Message = { id: answer, type: 'bot', text: answer }
      await append(
        run,
        { type: 'iteration-started', iteration: 1 },
        { type: 'message-completed', message: said },
        { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage },
        { type: 'dispatch-completed', result: { text: answer, finishReason: 'stop' }, usage: noUsage },
      )
    },

    /** Its worker is told to stop, keeps what it has said, and ends the run as cancelled. */
    async stop(run: Run, said: string) {
      const cancellation = await engine.runs.cancellation(run.key, heldBy(run).claim)
      if (cancellation === null) throw new Error('Nobody has cancelled the run.')
      await append(
        run,
        { type: 'iteration-started', iteration: 1 },
        { type: 'message-completed', message: { id: said, type: 'bot', text: said } },
        { type: 'dispatch-cancelled', reason: cancellation.reason, usage: noUsage },
      )
    },

    /** The run waits for an answer, without a worker. */
    async park(run: Run) {
      const of = call('call-1', { answer: 'submit', deadline: Date.now() + 3_600_000 })
      await append(run, ...asking(1, [requested(of)]))
      const held = heldBy(run)
      held.seq += 1
      const events = [awaited(of, of.deadline ?? 0)]
      const awaits = [{ call: of, resultChannelId: null }]
      await engine.runs.append(run.key, { ...held, tag: ids.tag(), events, open: [], awaits })
      const known = await engine.runs.facts(run.key)
      return engine.runs.park(run.key, { ...held, seenFacts: known.length, lastTag: known.at(-1)?.tag ?? '' })
    },

    /** A limit pauses the run. */
    async pause(run: Run) {
      const held = heldBy(run)
      const known = await engine.runs.facts(run.key)
      const reachedLimit = { kind: 'tokens', used: 120, allowed: 100 } as const
      const paused = {
        type: 'dispatch-paused',
        reachedLimit,
        pausedUntil: Date.now() + 3_600_000,
        usage: noUsage,
      } as const
      const park = { ...held, seenFacts: known.length, lastTag: known.at(-1)?.tag ?? '' }
      return engine.runs.park(run.key, { ...park, pause: { paused, tag: ids.tag() } })
    },

    /** The limit that has paused the run is raised. */
    raise: (run: Run) => engine.runs.raise(run.key, { limits: { tokens: 500 }, by: 'caller', tag: ids.tag() }),

    /** The answer comes that the run waits for. */
    async answer(run: Run) {
      const of = call('call-1', { answer: 'submit' })
      const facts = [answered(of)]
      await engine.runs.settle(run.key, {
        callId: of.id,
        by: 'submit',
        digest: 'd',
        wakes: false,
        tag: ids.tag(),
        facts,
      })
    },

    /** What the run's model is asked with, as texts. */
    async transcript(run: Run) {
      const facts = await engine.runs.facts(run.key)
      return transcript(fold(facts as Parameters<typeof fold>[0])).flatMap(({ type, text }) =>
        type === 'activity' ? [] : [text],
      )
    },

    /** What the conversation keeps, as texts. */
    async kept() {
      const [line] = await engine.lines.find([key])
      if (line?.transcript == null) return []
      const whole = await engine.transcripts.read(key.account, line.transcript)
      return whole?.messages.flatMap(({ type, text }) => (type === 'activity' ? [] : [text])) ?? null
    },

    async line() {
      const [line] = await engine.lines.find([key])
      return line?.places.map(({ channel }) => channel) ?? null
    },
  }
}

export type Talk = ReturnType<typeof createTalk>
