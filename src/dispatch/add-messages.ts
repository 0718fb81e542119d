import { digest } from '../conversation/digest.ts'
import type { Fact, Recorded } from '../conversation/event.ts'
import { fold, transcript } from '../conversation/fold.ts'
import type { DispatchInput } from '../conversation/input/dispatch-input.ts'
import type { Message } from '../conversation/message.ts'
import { Failure, type FailureCode, type InputIssue } from '../kernel/errors.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import { type AddedMessage, type AddReply, mostUnheard } from './added-messages.ts'
import { accountFullMessage } from './limits/stored-bytes.ts'
import type { Lines } from './line/line.ts'
import type { Transcripts } from './line/transcripts.ts'
import type { Run } from './run.ts'
import type { RunStore } from './run-store.ts'

export interface AddMessagesDeps {
  readonly runs: Pick<RunStore, 'find' | 'facts' | 'add'>
  readonly lines: Pick<Lines, 'find'>
  readonly transcripts: Pick<Transcripts, 'read'>
  readonly ids: Ids
}

/** Messages for a run that goes on. */
export interface Handed {
  readonly messages: readonly Message[]
  /** Whether their ids were minted for this call, so that no run can have them. */
  readonly areNew: boolean
}

/** `ended`: the run has ended, without all of them. Null: there is no run. */
export type HandMessages = (key: ChannelKey, handed: Handed) => Promise<Run | 'ended' | null>

/**
 * Hands messages to a run, whatever it does. Those that it has, or has begun with, are left out: so the same call may be repeated. The
 * store decides in one step whether the run gets them or has ended. CONFLICT: another message has that id. LIMIT_EXCEEDED: there is no room.
 */
export function createHandMessages(deps: AddMessagesDeps): HandMessages {
  const { runs, ids } = deps
  const attempt = async (key: ChannelKey, { messages, areNew }: Handed): Promise<Run | 'ended' | 'changed' | null> => {
    const known = areNew ? null : await readKnown(deps, key)
    if (!areNew && known === null) return null
    const given = messages.map((message) => ({ message, digest: contentDigest(message) }))
    const clash = given.findIndex(({ message: { id }, digest }) => (known?.digests.get(id) ?? digest) !== digest)
    if (clash !== -1) throw otherMessage(clash)
    const fresh = given.filter(({ message: { id } }) => !known?.digests.has(id))
    if (known !== null && fresh.length === 0) return known.run
    const sawHeld = known === null ? null : (known.run.turn?.isHeld ?? false)
    const reply = await runs.add(key, { messages: fresh, sawHeld, tag: ids.tag() })
    return reply === null ? null : accepted(reply, given, fresh)
  }
  return async (key, handed) => {
    for (;;) {
      const reply = await attempt(key, handed)
      if (reply !== 'changed') return reply
    }
  }
}

export type AddMessages = (key: ChannelKey, messages: DispatchInput['messages']) => Promise<Run>

/** NOT_FOUND: there is no such run. CONFLICT: it has ended. For the rest see HandMessages. */
export function createAddMessages(hand: HandMessages, ids: Ids): AddMessages {
  return async (key, given) => {
    const messages = given.map((message) => toMessage(message, ids.messageId))
    const run = await hand(key, { messages, areNew: given.every(({ id }) => id === null) })
    if (run === null) throw refusal('NOT_FOUND', ['channelId'], 'there is no dispatch by that id')
    if (run === 'ended') throw refusal('CONFLICT', ['channelId'], 'that dispatch has ended')
    return run
  }
}

export function toMessage({ id, type, text, meta }: DispatchInput['messages'][number], mint: () => string): Message {
  return { id: id ?? mint(), type, text, ...(meta === null ? {} : { meta }) }
}

/** The same for a message that comes again. */
export function contentDigest({ type, text, meta }: Message): string {
  return digest({ type, text, ...(meta === undefined ? {} : { meta }) })
}

/** Of the messages that the run has by their ids. Null: there is no run. */
async function readKnown({ runs, lines, transcripts }: AddMessagesDeps, key: ChannelKey) {
  // First: a run that is not held any more has its transcript in its facts.
  const [run] = await runs.find([key])
  if (run == null) return null
  // The facts stream holds nothing but facts.
  const said = transcript(fold((await runs.facts(key)) as readonly Recorded<Fact>[]))
  const conversation = run.turn?.isHeld ? run.turn.conversation : null
  const [line = null] = conversation === null ? [] : await lines.find([{ account: key.account, conversation }])
  const before = line?.transcript == null ? null : await transcripts.read(key.account, line.transcript)
  const digests = new Map([...(before?.messages ?? []), ...said].map((each) => [each.id, contentDigest(each)]))
  return { run, digests }
}

const refusals: Record<'too-many' | 'log-full' | 'account-full', string> = {
  'too-many': `a run takes at most ${mostUnheard} messages before its model reads them`,
  'log-full': "the run's log has no room for them",
  'account-full': accountFullMessage,
}

function accepted(reply: AddReply, given: readonly AddedMessage[], fresh: readonly AddedMessage[]) {
  switch (reply.outcome) {
    case 'added':
      return reply.run
    case 'ended':
    case 'changed':
      return reply.outcome
    case 'conflict':
      throw otherMessage(given.findIndex(({ message }) => message.id === fresh[reply.index]?.message.id))
    default:
      throw refusal('LIMIT_EXCEEDED', ['messages'], refusals[reply.outcome])
  }
}

function otherMessage(index: number): Failure {
  return refusal('CONFLICT', ['messages', index, 'id'], 'another message of the dispatch has this id')
}

export function refusal(code: FailureCode, at: InputIssue['path'], message: string): Failure {
  const path = ['input', ...at]
  return new Failure(code, `${path.join('.')}: ${message}`, { issues: [{ path, message }] })
}
