import { cutTranscript } from '../../conversation/cut-transcript.ts'
import { transcriptTurns } from '../../conversation/earlier-turn.ts'
import type { Fact, Recorded } from '../../conversation/event.ts'
import { fold, transcript as spoken } from '../../conversation/fold.ts'
import type { DispatchInput } from '../../conversation/input/dispatch-input.ts'
import type { Message } from '../../conversation/message.ts'
import { badInput, Failure } from '../../kernel/errors.ts'
import type { ChannelId, ConversationKey, Ids } from '../../kernel/ids.ts'
import type { Run } from '../run.ts'
import type { NewTurn, RunStore } from '../run-store.ts'
import { type LinePlace, type Lines, lineBounds, lineTimings } from './line.ts'
import type { LineWork } from './line-work.ts'
import type { Transcript, Transcripts } from './transcripts.ts'

export interface JoinLineDeps {
  readonly runs: Pick<RunStore, 'facts'>
  readonly lines: Lines
  readonly transcripts: Transcripts
  readonly lineWork: LineWork
  readonly ids: Ids
}

/** A dispatch that is about to join the line of its conversation. */
export interface Joining {
  readonly key: ConversationKey
  readonly channel: ChannelId
  readonly whenBusy: DispatchInput['whenBusy']
  readonly upTo: string | null
  readonly contactId: string | null
}

export interface JoinLine {
  /** What the conversation has said by now. Dispatches that have just ended count. */
  transcript(key: ConversationKey, input: Pick<DispatchInput, 'messages' | 'continuesUpTo'>): Promise<Transcript>
  /**
   * Takes a place. Where others have one and the dispatch is not to wait: null if it is to steer them, else CONFLICT. LIMIT_EXCEEDED where
   * there are too many.
   */
  join(joining: Joining): Promise<NewTurn | null>
  /** The run could not be created, or is there already, without this place. If this is not reached, the sweep gives the place up. */
  leave(joining: Joining, turn: NewTurn, run: Run | null): Promise<void>
}

export function createJoinLine({ runs, lines, transcripts, lineWork, ids }: JoinLineDeps): JoinLine {
  /** The transcript up to a message of a dispatch that is still in the line; null: none of them has it. */
  const stillToCome = async ({ account }: ConversationKey, places: readonly LinePlace[], upTo: string) => {
    for (const { channel } of places) {
      // The facts stream holds nothing but facts.
      const facts = (await runs.facts({ account, channel })) as readonly Recorded<Fact>[]
      const state = fold(facts)
      const kept = cutTranscript({ messages: spoken(state), turns: transcriptTurns(state) }, upTo)
      if (kept !== null) return kept
    }
    return null
  }
  return {
    async transcript(key, { messages, continuesUpTo: upTo }) {
      await lineWork.advance(key)
      const [line] = await lines.find([key])
      const place = line?.transcript ?? null
      const known = place === null ? null : await transcripts.read(key.account, place)
      const whole = known ?? { messages: [], turns: [] }
      const kept =
        upTo === null ? whole : (cutTranscript(whole, upTo) ?? (await stillToCome(key, line?.places ?? [], upTo)))
      if (kept === null) throw noSuchMessage()
      requireNewIds(messages, kept.messages)
      return kept
    },

    async join({ key, channel, whenBusy, upTo, contactId }) {
      const wish = whenBusy === 'interrupt' || whenBusy === 'rollback' ? whenBusy : null
      const rejects = whenBusy === 'reject' || whenBusy === 'steer'
      const reply = await lines.join(key, {
        channel,
        ticket: ids.nonce(),
        isRejoin: false,
        rejects,
        wish,
        upTo,
        contactId,
      })
      if (reply.outcome === 'joined') {
        const { ticket, joinedAt } = reply
        return { conversation: key.conversation, ticket, createBy: joinedAt + lineTimings.createMs }
      }
      if (reply.outcome === 'busy' && whenBusy === 'steer') return null
      if (reply.outcome === 'full') {
        const message = `The conversation has ${lineBounds.places} dispatches that have not ended; it takes no more.`
        throw new Failure('LIMIT_EXCEEDED', message)
      }
      const message =
        reply.outcome === 'closed'
          ? 'the conversation is being deleted'
          : 'the conversation has a dispatch that has not ended'
      const issues = [{ path: ['input', 'conversationId'], message }]
      throw new Failure('CONFLICT', `input.conversationId: ${message}`, { issues })
    },

    async leave({ key, channel }, { ticket }, run) {
      const forgets = run?.turn?.conversation !== key.conversation
      await lines.leave(key, { channel, ticket, leastAgeMs: 0, unlessShared: true, forgets })
    },
  }
}

export function noSuchMessage(): Failure {
  return badInput([{ path: ['input', 'continuesUpTo'], message: 'the transcript has no message by this id' }])
}

/** Ids of messages are unique in a transcript. */
export function requireNewIds(messages: DispatchInput['messages'], earlier: readonly Message[]): void {
  const taken = new Set(earlier.map(({ id }) => id))
  const clash = messages.findIndex(({ id }) => id !== null && taken.has(id))
  if (clash === -1) return
  const message = 'an earlier message of the transcript has this id'
  throw badInput([{ path: ['input', 'messages', clash, 'id'], message }])
}
