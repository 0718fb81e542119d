import { answerFacts } from '../conversation/activity.ts'
import { verdictFacts } from '../conversation/approval.ts'
import { digest } from '../conversation/digest.ts'
import type { Fact } from '../conversation/event.ts'
import type { CallOutcome } from '../conversation/fold.ts'
import type { FunctionCall } from '../conversation/function.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import { interpretMessage } from './interpret-message.ts'
import type { AnswerBy, SettleReply } from './pending-call.ts'
import { endLongPause } from './raise-limits.ts'
import type { Assignment, Message, PublishReply, ResultChannels } from './result-channel.ts'
import type { Run } from './run.ts'
import type { RunStore } from './run-store.ts'
import type { DueList } from './schedule/due.ts'
import { jobOf, type Queue, type Traceparent, traced } from './schedule/queue.ts'

export interface AnswerDeps {
  readonly runs: RunStore
  readonly results: ResultChannels
  readonly due: DueList
  readonly queue: Queue
  readonly ids: Ids
  readonly clock: () => number
  /** Goes into the job that an answer queues. */
  readonly traceparent: Traceparent
  /** After this time the sweep looks at the run, in case the process that answers dies before it queues the run. */
  readonly repairMs: number
}

/** The ways in which calls get their answers. The sweep finishes whatever a crash leaves half done here. */
export interface Answers {
  submit(key: ChannelKey, callId: string, outcome: CallOutcome): Promise<SettleReply>
  /** Publishes a message. A call that waits on the channel has it as its answer when this returns. */
  publish(key: ChannelKey, message: Message): Promise<PublishReply['outcome']>
  /** Registers a call of the run as waiting on a channel. A message that is there already is delivered. */
  awaitMessage(key: ChannelKey, callId: string, resultChannel: ChannelKey): Promise<void>
  /** Delivers messages that were matched with a call but did not reach it. */
  redeliver(key: ChannelKey): Promise<void>
  /**
   * Of a waiting run: fails the calls that got no answer in time, and ends a pause that has lasted too long. Returns the next
   * deadline, in ms since 1970; null: none.
   */
  settleOverdue(run: Pick<Run, 'key' | 'paused'>): Promise<number | null>
}

export function createAnswers(deps: AnswerDeps): Answers {
  const { runs, results, due, queue, ids, clock } = deps

  const settle = async (key: ChannelKey, callId: string, { outcome, by, tag }: Answer): Promise<SettleReply> => {
    const pending = (await runs.pending(key)).find(({ call }) => call.id === callId)
    // Before settling: the sweep then repairs a crash between settling and queueing soon, not at the next deadline.
    if (pending !== undefined) await due.bring(key, clock() + deps.repairMs)
    const reply = await runs.settle(key, {
      callId,
      by,
      // An equal message is another answer and must go to another call.
      digest: tag ?? digest(outcome),
      wakes: outcome.kind === 'failed' && outcome.error.code === 'ABORTED',
      tag: ids.tag(),
      facts: pending === undefined ? [] : factsOf(pending.call, outcome, ids.messageId()),
    })
    if (reply.run?.status === 'queued') await queue.add({ ...jobOf(reply.run), ...traced(deps.traceparent) })
    return reply
  }

  /** Passes the message on until a call takes it, or no call waits any more. */
  const deliver = async (channel: ChannelKey, assignment: Assignment) => {
    for (let next: Assignment | null = assignment; next !== null; ) {
      const { waiter, message, tag } = next
      const run = { account: channel.account, channel: waiter.channel }
      const { outcome } = await settle(run, waiter.callId, { outcome: interpretMessage(message), by: 'channel', tag })
      if (outcome === 'settled' || outcome === 'repeated') return results.delivered(channel, next)
      next = await results.reassign(channel, next)
    }
  }
  const redeliver = async (channel: ChannelKey) => {
    for (const assignment of await results.undelivered(channel)) await deliver(channel, assignment)
  }

  const awaitMessage: Answers['awaitMessage'] = async ({ account, channel }, callId, resultChannel) => {
    const waiter = { channel, callId }
    // Before waiting, which may match a message that is there already. If that is not delivered, the sweep delivers it.
    await due.bring({ ...resultChannel, account }, clock() + deps.repairMs)
    const published = await results.wait({ ...resultChannel, account }, waiter)
    if (published !== null) await deliver(resultChannel, { waiter, ...published })
  }

  return {
    submit: (key, callId, outcome) => settle(key, callId, { outcome, by: 'submit' }),

    async publish(key, message) {
      // Before publishing, for the same reason. A needless look at a run does no harm.
      await due.bring(key, clock() + deps.repairMs)
      const reply = await results.publish(key, { message, tag: ids.tag(), epoch: ids.nonce() })
      if (reply.outcome === 'published' && reply.assignment !== null) await deliver(key, reply.assignment)
      return reply.outcome
    },

    awaitMessage,
    redeliver,

    async settleOverdue({ key, paused }) {
      if (paused !== null) return endLongPause(deps, { key, paused })
      const deadlines: number[] = []
      for (const { call, resultChannelId } of await runs.pending(key)) {
        const deadline = call.deadline ?? 0
        const isOver = deadline <= clock()
        // It should wait already. If the store has lost that, a message would not find it.
        if (!isOver && resultChannelId !== null) {
          await awaitMessage(key, call.id, { account: key.account, channel: resultChannelId })
        }
        const reply = isOver ? await settle(key, call.id, { outcome: timedOut, by: 'deadline' }) : null
        if (reply === null || reply.outcome === 'early') deadlines.push(deadline)
      }
      return deadlines.length === 0 ? null : Math.min(...deadlines)
    },
  }
}

/** The server answers an ability's call itself. What others say of one that waits is whether it may. */
function factsOf(call: FunctionCall, outcome: CallOutcome, messageId: string): readonly Fact[] {
  const make = call.answer === 'ability' ? verdictFacts : answerFacts
  return make(call, outcome, messageId)
}

interface Answer {
  readonly outcome: CallOutcome
  readonly by: AnswerBy
  /** The tag of the message that brought it, if a message did. */
  readonly tag?: string
}

const timedOut: CallOutcome = { kind: 'failed', error: { code: 'TIMEOUT', message: 'No answer came in time.' } }
