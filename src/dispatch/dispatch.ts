import { digest } from '../conversation/digest.ts'
import { ownTurns, transcriptTurns } from '../conversation/earlier-turn.ts'
import type { EarlierTurn, Fact, Recorded } from '../conversation/event.ts'
import { fold, transcript } from '../conversation/fold.ts'
import { type DispatchInput, inputBounds } from '../conversation/input/dispatch-input.ts'
import type { Message } from '../conversation/message.ts'
import { isEnded } from '../conversation/run-status.ts'
import { badInput, Failure } from '../kernel/errors.ts'
import type { AccountId, ChannelId, ChannelKey, Ids } from '../kernel/ids.ts'
import { countDispatch, type DispatchRate } from './limits/dispatch-rate.ts'
import type { Preflight } from './preflight.ts'
import type { Run } from './run.ts'
import type { Continued, RunStore } from './run-store.ts'
import { type Queue, type Traceparent, traced } from './schedule/queue.ts'

export interface DispatchDeps {
  readonly runs: RunStore
  readonly queue: Queue
  readonly preflight: Preflight
  readonly rate: DispatchRate
  readonly ids: Ids
  readonly clock: () => number
  /** Goes into the request, so that the run belongs to the trace of its dispatch, and into the job. */
  readonly traceparent: Traceparent
  /** After this time the sweep first looks at a new run, and queues it if its creator died before doing so. */
  readonly repairMs: number
}

export type DispatchConversation = (account: AccountId, input: DispatchInput) => Promise<Run>

/**
 * Accepts a dispatch. When it returns, the run is stored and its job is queued, in this order: a crash anywhere leaves either
 * nothing that matters or a run that the sweep finds. The same channelId with the same input returns the existing run.
 */
export function createDispatchConversation(deps: DispatchDeps): DispatchConversation {
  const { runs, queue, rate, ids, clock, traceparent } = deps

  const enqueue = async (run: Run) => {
    if (run.status !== 'queued' || (run.notBefore ?? 0) > clock()) return
    await queue.add({ key: run.key, wake: run.wake, ...traced(traceparent) })
  }

  return async (account, input) => {
    const key: ChannelKey = { account, channel: input.channelId ?? ids.channelId() }
    const { channelId: _channelId, ...content } = input
    const inputDigest = digest(content)

    if (input.channelId !== null) {
      const [existing] = await runs.find([key])
      if (existing != null) {
        if (existing.digest !== inputDigest) throw conflict(key.channel)
        await enqueue(existing)
        return existing
      }
    }

    // A retry after a lost answer, which returns above, does not count.
    await countDispatch(rate, account)

    const notBefore = input.notBefore?.getTime() ?? null
    const createdAt = clock()
    if (notBefore !== null && notBefore - createdAt > inputBounds.notBeforeDays * 24 * 3_600_000) {
      const message = `takes a time within ${inputBounds.notBeforeDays} days`
      throw badInput([{ path: ['input', 'notBefore'], message }])
    }
    const earlier = await earlierTranscript(runs, account, input)
    const messages = [...earlier.messages, ...newMessages(input, ids)]
    const resolved = await deps.preflight.resolve({ key, input, messages, createdAt })

    const { outcome, run } = await runs.create(key, {
      ...resolved,
      request: { ...resolved.request, ...traced(traceparent) },
      digest: inputDigest,
      notBefore,
      createdAt,
      lookAt: notBefore ?? createdAt + deps.repairMs,
      messages,
      turns: earlier.turns,
      ...(earlier.continues !== null && { continues: earlier.continues }),
      epoch: ids.nonce(),
      tag: ids.tag(),
    })
    if (outcome === 'conflict') throw conflict(key.channel)
    await enqueue(run)
    return run
  }
}

function conflict(channel: ChannelId): Failure {
  return new Failure('CONFLICT', `The channel ${channel} has a dispatch with another input already.`, {
    issues: [{ path: ['input', 'channelId'], message: 'has a dispatch with another input already' }],
  })
}

function newMessages(input: DispatchInput, ids: Ids): readonly Message[] {
  return input.messages.map(({ id, type, text, meta }) => ({
    id: id ?? ids.messageId(),
    type,
    text,
    ...(meta === null ? {} : { meta }),
  }))
}

interface EarlierTranscript {
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
  readonly continues: Continued | null
}

/** The transcript that the dispatch continues. The store keeps it as long as the new log, since the earlier one goes before. */
async function earlierTranscript(
  runs: RunStore,
  account: AccountId,
  { continues, messages }: DispatchInput,
): Promise<EarlierTranscript> {
  if (continues === null) return { messages: [], turns: [], continues: null }
  const path = ['input', 'continues']
  const key = { account, channel: continues }
  const [run] = await runs.find([key])
  const refuse = (code: 'NOT_FOUND' | 'CONFLICT', message: string) =>
    new Failure(code, `input.continues: ${message}`, { issues: [{ path, message }] })
  if (run == null) throw refuse('NOT_FOUND', 'there is no dispatch by that id')
  if (!isEnded(run.status)) throw refuse('CONFLICT', 'that dispatch has not ended yet')
  const facts = await runs.facts(key)
  if (facts.length === 0) throw refuse('NOT_FOUND', "that dispatch's messages have been removed")
  // The facts stream holds nothing but facts.
  const state = fold(facts as readonly Recorded<Fact>[])
  const earlier = transcript(state)
  const taken = new Set(earlier.map(({ id }) => id))
  const clash = messages.findIndex(({ id }) => id !== null && taken.has(id))
  if (clash !== -1) {
    const message = 'a message of the continued dispatch has this id'
    throw badInput([{ path: ['input', 'messages', clash, 'id'], message }])
  }
  return {
    messages: earlier,
    turns: transcriptTurns(state),
    continues: { channel: continues, messages: earlier.length, ownTurns: ownTurns(state) },
  }
}
