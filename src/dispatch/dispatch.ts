import { cutTranscript } from '../conversation/cut-transcript.ts'
import { digest } from '../conversation/digest.ts'
import { ownTurns, transcriptTurns } from '../conversation/earlier-turn.ts'
import type { EarlierTurn, Fact, Recorded } from '../conversation/event.ts'
import { fold, transcript } from '../conversation/fold.ts'
import { type DispatchInput, inputBounds } from '../conversation/input/dispatch-input.ts'
import type { Message } from '../conversation/message.ts'
import { isEnded } from '../conversation/run-status.ts'
import { badInput, Failure } from '../kernel/errors.ts'
import {
  type AccountId,
  type ChannelId,
  type ChannelKey,
  type ConversationKey,
  type Ids,
  parseResourceId,
  type ResourceId,
} from '../kernel/ids.ts'
import { createHandMessages, toMessage } from './add-messages.ts'
import type { DispatchIndex } from './dispatch-index.ts'
import { countDispatch, type DispatchRate } from './limits/dispatch-rate.ts'
import { type DailyBudget, requireDay } from './limits/used-today.ts'
import { createJoinLine, type Joining, noSuchMessage, requireNewIds } from './line/join-line.ts'
import type { Lines } from './line/line.ts'
import type { LineWork } from './line/line-work.ts'
import { createSteer } from './line/steer.ts'
import type { Transcripts } from './line/transcripts.ts'
import type { Preflight } from './preflight.ts'
import type { Run } from './run.ts'
import type { Continued, NewRun, RunStore } from './run-store.ts'
import { jobOf, type Queue, type Traceparent, traced } from './schedule/queue.ts'

export interface DispatchDeps {
  readonly runs: RunStore
  readonly lines: Lines
  readonly transcripts: Transcripts
  readonly lineWork: LineWork
  readonly members: DispatchIndex<ConversationKey>
  readonly queue: Queue
  readonly preflight: Preflight
  readonly rate: DispatchRate
  readonly webhooks: KnownWebhooks
  /** What accounts may use in a day. */
  readonly daily: DailyBudget
  readonly ids: Ids
  readonly clock: () => number
  /** Goes into the request, so that the run belongs to the trace of its dispatch, and into the job. */
  readonly traceparent: Traceparent
  /** After this time the sweep first looks at a new run, and queues it if its creator died before doing so. */
  readonly repairMs: number
}

/** The endpoints that a dispatch can name. */
export interface KnownWebhooks {
  find(key: { readonly account: AccountId; readonly webhook: ResourceId }): Promise<object | null>
}

export type DispatchConversation = (account: AccountId, input: DispatchInput) => Promise<Run>

/**
 * Accepts a dispatch. When it returns, the run is stored and its job is queued, in this order: a crash anywhere leaves either
 * nothing that matters or a run that the sweep finds. The same channelId with the same input returns the existing run.
 */
export function createDispatchConversation(deps: DispatchDeps): DispatchConversation {
  const { runs, queue, rate, ids, clock, traceparent } = deps

  /** What comes after creating a run, whoever has done that. */
  const goOn = async (run: Run): Promise<Run> => {
    if (run.turn?.isHeld) {
      if (!isEnded(run.status)) await deps.lineWork.mend(run)
      const [now] = await runs.find([run.key])
      return now ?? run
    }
    await enqueue(run)
    return run
  }
  const enqueue = async (run: Run) => {
    if (run.status !== 'queued' || (run.notBefore ?? 0) > clock()) return
    await queue.add({ ...jobOf(run), ...traced(traceparent) })
  }

  const joinLine = createJoinLine(deps)
  const steer = createSteer({ ...deps, hand: createHandMessages(deps) })
  /** Stores the run, in the line of its conversation if it has one. Null: it is to steer another one. */
  const create = async (key: ChannelKey, run: NewRun, joining: Joining | null) => {
    const turn = joining === null ? null : await joinLine.join(joining)
    if (joining === null) return runs.create(key, run)
    if (turn === null) return null
    try {
      const creation = await runs.create(key, { ...run, turn })
      const { outcome, run: created } = creation
      // One that has been settled since has no place any more.
      const hasOther = outcome === 'exists' && created.turn?.ticket !== turn.ticket
      if (outcome === 'conflict' || hasOther) await joinLine.leave(joining, turn, created)
      return creation
    } catch (error) {
      // Nothing was written. After any other failure something may have been.
      if (error instanceof Failure && error.code === 'LIMIT_EXCEEDED') await joinLine.leave(joining, turn, null)
      throw error
    }
  }

  /** The dispatch that was accepted under this id; null: there is none. */
  const accepted = async (key: ChannelKey, input: DispatchInput): Promise<Run | null> => {
    if (input.channelId === null) return null
    const [existing] = await runs.find([key])
    if (existing == null) return null
    if (existing.digest !== digestOf(input)) throw conflict(key.channel)
    return goOn(existing)
  }
  interface Accepting {
    readonly key: ChannelKey
    readonly line: ConversationKey | null
    readonly input: DispatchInput
    readonly own: readonly Message[]
    readonly whenBusy: DispatchInput['whenBusy']
  }
  /** Null: it is to steer another one. */
  const accept = async ({ key, line, input, own, whenBusy }: Accepting): Promise<Run | null> => {
    const notBefore = input.notBefore?.getTime() ?? null
    const createdAt = clock()
    if (notBefore !== null && notBefore - createdAt > inputBounds.notBeforeDays * 24 * 3_600_000) {
      const message = `takes a time within ${inputBounds.notBeforeDays} days`
      throw badInput([{ path: ['input', 'notBefore'], message }])
    }
    const webhookId = await namedWebhook(deps.webhooks, key.account, input)
    const { conversationId: conversation } = input
    const earlier =
      line === null
        ? await earlierTranscript(runs, key, input)
        : { ...(await joinLine.transcript(line, input)), continues: null }
    const messages = [...earlier.messages, ...own]
    const resolved = await deps.preflight.resolve({ key, input, messages, createdAt })

    const newRun: NewRun = {
      ...resolved,
      request: { ...resolved.request, ...(conversation !== null && { conversation }), ...traced(traceparent) },
      digest: digestOf(input),
      ...(webhookId !== null && { webhookId }),
      ...(input.meta !== null && { meta: input.meta }),
      ...(input.priority !== 0 && { priority: input.priority }),
      ...(input.echo !== null && { echo: input.echo }),
      notBefore,
      createdAt,
      lookAt: notBefore ?? createdAt + deps.repairMs,
      // Those of a conversation come when its turn comes.
      messages: line === null ? messages : own,
      turns: line === null ? earlier.turns : [],
      ...(earlier.continues !== null && { continues: earlier.continues }),
      epoch: ids.nonce(),
      tag: ids.tag(),
    }
    const { contactId } = resolved
    const { continuesUpTo: upTo } = input
    const joining = line === null ? null : { key: line, channel: key.channel, whenBusy, upTo, contactId }
    const creation = await create(key, newRun, joining)
    if (creation === null) return null
    if (creation.outcome === 'conflict') throw conflict(key.channel)
    return goOn(creation.run)
  }

  const begin = async (key: ChannelKey, input: DispatchInput): Promise<Run> => {
    const { account } = key
    // A retry after a lost answer does not come here, so it does not count.
    await countDispatch(rate, account)
    await requireDay(deps.daily, account)

    const { conversationId: conversation, whenBusy } = input
    const line = conversation === null ? null : { account, conversation }
    const accepting = { key, line, input, own: newMessages(key, input, ids) }
    if (line !== null && whenBusy === 'steer') {
      return steer({
        key: line,
        input,
        messages: accepting.own,
        areNew: input.channelId === null && input.messages.every(({ id }) => id === null),
        accept: (when) => accept({ ...accepting, whenBusy: when === 'idle' ? 'steer' : 'enqueue' }),
      })
    }
    const run = await accept({ ...accepting, whenBusy })
    if (run === null) throw new Error('Only a dispatch that steers is not accepted.')
    return run
  }

  return async (account, input) => {
    const key: ChannelKey = { account, channel: input.channelId ?? ids.channelId() }
    const existing = await accepted(key, input)
    if (existing !== null) return existing
    try {
      return await begin(key, input)
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'UNAVAILABLE') throw error
      // What the same dispatch has done since is why it is refused: somebody else sent it, too.
      const since = await accepted(key, input)
      if (since === null) throw error
      return since
    }
  }
}

/** What a field means that is not given has been the same before it existed: a dispatch that an earlier release accepted is known again. */
function digestOf({
  channelId: _channelId,
  // It follows from the rest.
  echo: _echo,
  conversationId,
  continuesUpTo,
  whenBusy,
  meta,
  webhookId,
  priority,
  answerFormat,
  limits: { tokens, cost, whenReached, ...limits },
  ...content
}: DispatchInput): string {
  return digest({
    ...content,
    limits: {
      ...limits,
      ...(tokens !== null && { tokens }),
      ...(cost !== null && { cost }),
      ...(whenReached !== null && { whenReached }),
    },
    ...(conversationId !== null && { conversationId }),
    ...(continuesUpTo !== null && { continuesUpTo }),
    ...(whenBusy !== null && { whenBusy }),
    ...(meta !== null && { meta }),
    ...(webhookId !== null && { webhookId }),
    ...(priority !== 0 && { priority }),
    ...(answerFormat !== null && { answerFormat }),
  })
}

function conflict(channel: ChannelId): Failure {
  return new Failure('CONFLICT', `The channel ${channel} has a dispatch with another input already.`, {
    issues: [{ path: ['input', 'channelId'], message: 'has a dispatch with another input already' }],
  })
}

async function namedWebhook(
  webhooks: KnownWebhooks,
  account: AccountId,
  { webhookId }: DispatchInput,
): Promise<ResourceId | null> {
  if (webhookId === null) return null
  const webhook = parseResourceId(webhookId)
  if (webhook !== null && (await webhooks.find({ account, webhook })) !== null) return webhook
  const [path, message] = [['input', 'webhookId'], 'there is no webhook by that id']
  throw new Failure('NOT_FOUND', `input.webhookId: ${message}`, { issues: [{ path, message }] })
}

/** A dispatch that steers, and is repeated under its channel's id, must find its messages again: then their ids follow from it. */
function newMessages(key: ChannelKey, input: DispatchInput, ids: Ids): readonly Message[] {
  const isRepeatable = input.whenBusy === 'steer' && input.channelId !== null
  return input.messages.map((message, index) =>
    toMessage(message, () => (isRepeatable ? `msg_${digest({ ...key, index }).slice(0, 22)}` : ids.messageId())),
  )
}

interface EarlierTranscript {
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
  readonly continues: Continued | null
}

/** The transcript that the dispatch continues. The store keeps it as long as the new log, since the earlier one goes before. */
async function earlierTranscript(
  runs: RunStore,
  { account, channel }: ChannelKey,
  { continues, continuesUpTo, messages }: DispatchInput,
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
  const whole = { messages: transcript(state), turns: transcriptTurns(state) }
  const kept = continuesUpTo === null ? whole : cutTranscript(whole, continuesUpTo)
  if (kept === null) throw noSuchMessage()
  requireNewIds(messages, kept.messages)
  return {
    ...kept,
    continues: {
      channel: continues,
      messages: kept.messages.length,
      ownTurns: ownTurns(state),
      ...(continuesUpTo !== null && { listFor: `to/${channel}` }),
    },
  }
}
