import { setTimeout as sleep } from 'node:timers/promises'
import type { Fact, Recorded } from '../../conversation/event.ts'
import { fold, transcript } from '../../conversation/fold.ts'
import type { DispatchInput } from '../../conversation/input/dispatch-input.ts'
import { steerableTypes } from '../../conversation/input/message-input.ts'
import type { Message } from '../../conversation/message.ts'
import type { ConversationKey } from '../../kernel/ids.ts'
import { contentDigest, type HandMessages, refusal } from '../add-messages.ts'
import type { DispatchIndex } from '../dispatch-index.ts'
import type { Run } from '../run.ts'
import type { RunStore } from '../run-store.ts'
import { type Lines, lineTimings } from './line.ts'
import type { LineWork } from './line-work.ts'
import { currentRun } from './read-conversation.ts'
import type { Transcripts } from './transcripts.ts'

export interface SteerDeps {
  readonly runs: RunStore
  readonly lines: Lines
  readonly transcripts: Transcripts
  readonly members: DispatchIndex<ConversationKey>
  readonly lineWork: Pick<LineWork, 'advance'>
  readonly hand: HandMessages
}

export interface Steered {
  readonly key: ConversationKey
  readonly input: DispatchInput
  readonly messages: readonly Message[]
  /** Whether the ids of the messages were minted for this call. */
  readonly areNew: boolean
  /** Makes it a dispatch of its own: at once if the conversation is idle, or in any case. Null: the conversation is busy. */
  readonly accept: (when: 'idle' | 'any') => Promise<Run | null>
}

/** A place whose run is about to be created gets it within a moment. */
const lookAgainMs = 50
/** Of the newest dispatches so many are asked whether they have been handed the messages. */
const newest = 10

/**
 * Hands messages to the dispatch of a conversation that is at work, or next; where there is none, they are a dispatch of their own. Two
 * scripts decide: that of the run whether it takes them or has ended, that of the line whether it is empty. Where a place has no run
 * yet, whoever took it may have died: after two seconds the messages become a dispatch that waits.
 */
export function createSteer(deps: SteerDeps): (steered: Steered) => Promise<Run> {
  const { runs, lines, lineWork, hand } = deps
  const target = async (key: ConversationKey): Promise<Run | 'idle' | 'absent'> => {
    await lineWork.advance(key)
    const [line = null] = await lines.find([key])
    if (line === null || line.places.length === 0) return 'idle'
    return (await currentRun({ runs }, line)) ?? 'absent'
  }
  return async ({ key, input, messages, areNew, accept }) => {
    for (let waitedMs = 0; ; ) {
      const found = await target(key)
      if (typeof found !== 'string') {
        requireOnlyMessages(input)
        const run = await hand(found.key, { messages, areNew })
        if (run !== null && run !== 'ended') return run
      } else if (found === 'absent' && waitedMs < lineTimings.patienceMs) {
        await sleep(lookAgainMs)
        waitedMs += lookAgainMs
      } else {
        const run =
          (areNew ? null : await handedBefore(deps, key, messages)) ?? (await accept(found === 'idle' ? 'idle' : 'any'))
        if (run !== null) return run
      }
    }
  }
}

/** The dispatch that has been handed all of these messages and has ended since; null: none, as far as is known. */
async function handedBefore(
  { runs, lines, transcripts, members }: SteerDeps,
  key: ConversationKey,
  messages: readonly Message[],
): Promise<Run | null> {
  const [line = null] = await lines.find([key])
  const whole = line?.transcript == null ? null : await transcripts.read(key.account, line.transcript)
  if (messages.length === 0 || !hasAll(whole?.messages ?? [], messages)) return null
  for (const { channel } of await members.page(key, null, newest)) {
    const run = { account: key.account, channel }
    // The facts stream holds nothing but facts.
    const state = fold((await runs.facts(run)) as readonly Recorded<Fact>[])
    if (state.added === 0 || !hasAll(transcript(state).slice(state.taken), messages)) continue
    const [found] = await runs.find([run])
    return found ?? null
  }
  return null
}

function hasAll(known: readonly Message[], messages: readonly Message[]): boolean {
  const digests = new Map(known.map((message) => [message.id, contentDigest(message)]))
  return messages.every((message) => digests.get(message.id) === contentDigest(message))
}

/** A run that goes on takes nothing but messages, of types that may stand anywhere. */
function requireOnlyMessages({ attachments, continuesUpTo, messages }: DispatchInput): void {
  const refuse = (path: readonly (string | number)[]) => refusal('CONFLICT', path, busy)
  if (attachments.length > 0) throw refuse(['attachments'])
  if (continuesUpTo !== null) throw refuse(['continuesUpTo'])
  const odd = messages.findIndex(({ type }) => !steerableTypes.has(type))
  if (odd !== -1) throw refuse(['messages', odd, 'type'])
}

const busy = 'the conversation has a dispatch that goes on, which takes none of this'
