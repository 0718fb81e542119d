import type { ChannelReads, LogEntry } from '../channel/channel.ts'
import type { Position } from '../channel/position.ts'
import { readPages } from '../channel/read-pages.ts'
import { isEnded, type RunStatus } from '../conversation/run-status.ts'
import { createViewBuilder, type DispatchView, type ViewBuilder } from '../conversation/view.ts'
import type { ChannelKey, ConversationId } from '../kernel/ids.ts'
import type { Run } from './run.ts'
import type { RunStore } from './run-store.ts'

/** A dispatch at one moment. Following its channel after `position` gives everything that happens later. */
export interface Snapshot extends DispatchView {
  readonly key: ChannelKey
  readonly model: string
  readonly botId: string | null
  readonly contactId: string | null
  readonly meta: Run['meta']
  readonly conversationId: ConversationId | null
  readonly priority: number
  readonly createdAt: number
  readonly position: Position
}

/** From the control record only, without messages and pending calls: enough for a list. */
export function runSnapshot({ position, ...run }: Run): Snapshot {
  const { status, attempts, result, error, usage, paused, startedAt, finishedAt } = run
  const reachedLimit = paused === null ? null : { kind: paused.kind, used: paused.used, allowed: paused.allowed }
  const view = { attempts, messages: [], pendingCalls: [], result, error, usage, reachedLimit, startedAt, finishedAt }
  return { ...view, ...constants(run), status, position }
}

/** The fields of a run that never change. */
function constants({ key, model, botId, contactId, meta, turn, priority, createdAt }: Omit<Run, 'position'>) {
  return { key, model, botId, contactId, meta, conversationId: turn?.conversation ?? null, priority, createdAt }
}

export interface SnapshotReads {
  readonly runs: Pick<RunStore, 'find' | 'facts'>
  readonly log: Pick<ChannelReads, 'read'>
}

export interface SnapshotBuilder {
  readonly builder: ViewBuilder
  snapshot(position: Position): Snapshot
  readonly position: Position
}

/**
 * Reads a channel into a view that can be continued by following after its position. Reads the facts first, because they are
 * few, and of the log only the current iteration. Null without a run.
 */
export async function readSnapshot({ runs, log }: SnapshotReads, key: ChannelKey): Promise<SnapshotBuilder | null> {
  const [run] = await runs.find([key])
  if (run == null) return null
  const builder = createViewBuilder()
  const facts = await runs.facts(key)
  const toSnapshot = (position: Position): Snapshot => {
    const view = builder.view()
    return { ...view, ...constants(run), status: statusOf(view, run), position }
  }
  if (facts.length === 0) {
    return { builder, position: run.position, snapshot: () => runSnapshot(run) }
  }

  const start = facts.findLastIndex(({ event }) => event.type === 'iteration-started')
  const isOver = isEnded(run.status) || start === -1
  const whole = isOver ? facts : facts.slice(0, start)
  for (const fact of whole) builder.apply(fact)
  let position = placeOf(run.position.epoch, whole.at(-1))
  if (!isEnded(run.status)) {
    for await (const { epoch, entries } of readPages(log, key, position)) {
      for (const entry of entries) builder.apply(entry)
      position = placeOf(epoch, entries.at(-1))
    }
  }
  return { builder, position, snapshot: toSnapshot }
}

function placeOf(epoch: string, entry: LogEntry | undefined): Position {
  return { epoch, offset: entry?.offset ?? 0, tag: entry?.tag ?? '' }
}

/** The facts do not show that a run was handed back to the queue. Its control record does. */
function statusOf(view: DispatchView, run: Run): RunStatus {
  return view.status === 'running' && run.status === 'queued' && run.attempts === view.attempts ? 'queued' : view.status
}
