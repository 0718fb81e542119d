import type { Principal } from '../../../access/principal.ts'
import type { LogEntry } from '../../../channel/channel.ts'
import { isEnding } from '../../../conversation/event-traits.ts'
import type { Message } from '../../../conversation/message.ts'
import { isEnded } from '../../../conversation/run-status.ts'
import { conversationMessages, findLine } from '../../../dispatch/line/read-conversation.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { ConversationKey } from '../../../kernel/ids.ts'
import type { Facade } from '../../facade/facade.ts'
import { type FrameReader, readFrames } from '../../facade/read-frames.ts'
import { type AgUiEvent, type RunIds, runStarted, type SnapshotDue } from './event.ts'
import { historyOf } from './history.ts'
import { agUiMessages, type HeldMessage } from './message.ts'
import { runEndOf } from './run-end.ts'
import { createRunFold } from './run-fold.ts'
import { snapshotEvents } from './snapshot.ts'
import { toldReader, wholeReader } from './told-reader.ts'

export interface OpenRun {
  readonly facade: Facade
  readonly principal: Principal
  readonly ids: RunIds
  readonly run: Run
}

/** The stream of a dispatch that this request has begun. @param held what the client has */
export function followRun(
  { facade, principal, ids, run }: OpenRun,
  held: readonly HeldMessage[],
): FrameReader<AgUiEvent> {
  const fold = createRunFold({ ids, held })
  const reader = readFrames(facade, { keys: [run.key], principal, fold })
  return toldReader(reader, { first: [runStarted(ids)], snapshot: snapshotOf(facade, run) })
}

/**
 * The stream for a client that may have a part of the run: all messages but those of the iteration that is under way, then what the
 * run says from the beginning of that. So nothing is there twice, and functions that have been called are not called again.
 * @param held what the client has
 */
export async function rejoinRun(
  { facade, principal, ids, run }: OpenRun,
  held: readonly HeldMessage[],
): Promise<FrameReader<AgUiEvent>> {
  const { services } = facade
  const facts = await services.runs.facts(run.key)
  const isOver = isEnded(run.status) || facts.some(({ event }) => isEnding(event))
  const isHeld = run.turn?.isHeld === true && !facts.some(({ event }) => event.type === 'transcript-taken')
  const known = isOver ? facts : facts.slice(0, openIteration(facts))
  const own = historyOf(known.map(({ event }) => event))
  const messages = agUiMessages(isOver || isHeld ? await saidByNow(facade, run, own) : own)
  const fold = createRunFold({ ids, held: isHeld ? messages : null })
  for (const fact of known) fold.skip(fact)

  const first = [runStarted(ids), ...snapshotEvents(messages, held)]
  const end = (known.length === facts.length ? fold.end() : null) ?? (isOver ? runEndOf(run, ids) : null)
  if (end !== null) return wholeReader([...first, end])
  const last = known.at(-1)
  const start = last === undefined ? {} : { after: { epoch: run.position.epoch, offset: last.offset, tag: last.tag } }
  const reader = readFrames(facade, { keys: [run.key], principal, fold, start })
  return toldReader(reader, { first, snapshot: snapshotOf(facade, run) })
}

/** The place of the fact that has begun the iteration under way; behind the last fact, if there is none. */
function openIteration(facts: readonly LogEntry[]): number {
  const begun = facts.findLastIndex(({ event }) => event.type === 'iteration-started')
  const isOpen = !facts.slice(begun).some(({ event }) => event.type === 'iteration-finished')
  return begun !== -1 && isOpen ? begun : facts.length
}

/** What the conversation has said by now: others may have come after an ended dispatch, and others go before one that is held. */
async function saidByNow({ services }: Facade, run: Run, own: readonly Message[]): Promise<readonly Message[]> {
  const conversation = run.turn?.conversation
  if (conversation === undefined) return own
  const messages = (await finishedMessages(services, { account: run.key.account, conversation })) ?? []
  if (run.turn?.isHeld !== true) return messages.length === 0 ? own : messages
  const known = new Set(messages.map(({ id }) => id))
  return [...messages, ...own.filter(({ id }) => !known.has(id))]
}

/** The messages of a conversation that are whole; null: there is no such conversation. */
export async function finishedMessages(
  services: Facade['services'],
  key: ConversationKey,
): Promise<readonly Message[] | null> {
  const line = await findLine(services, key)
  if (line === null) return null
  const messages = await conversationMessages(services, line)
  return messages.filter(({ isComplete }) => isComplete)
}

function snapshotOf({ services }: Facade, { key }: Run) {
  return async ({ offset, held, discarded }: SnapshotDue) => {
    const facts = await services.runs.facts(key)
    const events = facts.flatMap((fact) => (fact.offset <= offset ? [fact.event] : []))
    const messages = agUiMessages(historyOf(events))
    return snapshotEvents(messages, held ?? [...messages, ...discarded.map((id) => ({ id, role: 'reasoning' }))])
  }
}
