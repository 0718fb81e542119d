import type { ChannelReads, LogEntry } from '../channel/channel.ts'
import { pageLimits } from '../channel/follow.ts'
import type { Position } from '../channel/position.ts'
import { createViewBuilder, type DispatchView, type ViewBuilder } from '../conversation/view.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import { isEnded, type RunRecord, type RunStatus, type RunStore } from './run-record.ts'

/** A dispatch as it stands; following its channel behind `position` gives the rest. */
export interface Snapshot extends Omit<DispatchView, 'status'> {
  readonly key: ChannelKey
  readonly status: RunStatus
  readonly model: string
  readonly botId: string | null
  readonly contactId: string | null
  readonly createdAt: number
  readonly position: Position
}

/** From the record alone, without messages and pending calls: enough for a list. */
export function recordSnapshot({ position, ...record }: RunRecord): Snapshot {
  const { status, attempts, result, error, usage, startedAt, finishedAt } = record
  const view = { attempts, messages: [], pendingCalls: [], result, error, usage, startedAt, finishedAt }
  return { ...view, ...constants(record), status, position }
}

/** What stands in the record for good. */
function constants({ key, model, botId, contactId, createdAt }: Omit<RunRecord, 'position'>) {
  return { key, model, botId, contactId, createdAt }
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
 * Reads what the channel holds into a view that can be carried on by following behind its position. The facts come
 * first, because they are few; the log is read only from the iteration that is being said. Null without a run.
 */
export async function readSnapshot({ runs, log }: SnapshotReads, key: ChannelKey): Promise<SnapshotBuilder | null> {
  const [record] = await runs.find([key])
  if (record == null) return null
  const builder = createViewBuilder()
  const facts = await runs.facts(key)
  const toSnapshot = (position: Position): Snapshot => {
    const view = builder.view()
    return { ...view, ...constants(record), status: statusOf(view, record), position }
  }
  if (facts.length === 0) {
    return { builder, position: record.position, snapshot: () => recordSnapshot(record) }
  }

  const start = facts.findLastIndex(({ event }) => event.type === 'iteration-started')
  const isOver = isEnded(record.status) || start === -1
  const whole = isOver ? facts : facts.slice(0, start)
  for (const fact of whole) builder.apply(fact)
  let position = placeOf(record.position.epoch, whole.at(-1))
  for (let more = !isEnded(record.status); more; ) {
    const page = await log.read(key, position, pageLimits)
    if (page === null) break
    for (const entry of page.entries) builder.apply(entry)
    position = page.entries.length === 0 ? position : placeOf(page.epoch, page.entries.at(-1))
    more = position.offset < page.last
  }
  return { builder, position, snapshot: toSnapshot }
}

function placeOf(epoch: string, entry: LogEntry | undefined): Position {
  return { epoch, offset: entry?.offset ?? 0, tag: entry?.tag ?? '' }
}

/** The facts do not tell that a run was handed back to the queue; its record does. */
function statusOf(view: DispatchView, record: RunRecord): RunStatus {
  return view.status === 'running' && record.status === 'queued' && record.attempts === view.attempts
    ? 'queued'
    : view.status
}
