import type { ChannelEvent, DispatchStatus, Message, Usage } from 'backchannel-client'
import { addMessage } from '../transcript/activity.ts'
import { type Entry, type MessageEntry, messageEntry, type NoticeEntry } from '../transcript/entry.ts'
import { createRunCalls } from './run-calls.ts'
import { emptyView, type RunView } from './run-view.ts'
import { createTimeline } from './timeline.ts'

export interface RunFold {
  /** Each event once, in order. */
  apply(event: ChannelEvent): void
  view(): RunView
}

/** Folds the events of a run, from the first on, into what its page shows. Unlike a chat it keeps what was discarded. */
export function createRunFold(): RunFold {
  const entries = new Map<string, Entry>()
  const timeline = createTimeline()
  const calls = createRunCalls(entries, timeline)
  let added: readonly Message[] = []
  let view: RunView = emptyView
  let isParked = false

  const change = (changes: Partial<RunView>) => {
    view = { ...view, ...changes }
  }
  const notice = (event: ChannelEvent, text: string, tone: NoticeEntry['tone'] = 'plain') =>
    entries.set(event.cursor, { kind: 'notice', key: event.cursor, tone, text })
  const put = (message: Message) => addMessage(entries, message)

  function grow(type: MessageEntry['type'], id: string, position: number, text: string) {
    const known = entries.get(id)
    if (known !== undefined && (known.kind !== 'message' || known.isComplete)) return
    const before = known?.text ?? ''
    if (position > before.length) return
    const whole = position === before.length ? before + text : before.slice(0, position) + text
    entries.set(id, messageEntry({ id, type, text: whole, meta: null, isComplete: false }))
  }
  /** Where a worker lets go of the run: its answers are waited for, or its limit has been reached. */
  function park(at: number) {
    isParked = true
    timeline.close('attempt', at)
    change({ status: 'WAITING' })
  }
  /** It goes on as soon as a worker takes it. */
  function queue(at: number) {
    change({ status: 'QUEUED', reachedLimit: null })
    timeline.open('queue', { lane: 'Waits', label: 'a worker', tone: 'wait' }, at)
  }
  function end(at: number, status: DispatchStatus, usage: Usage) {
    calls.abandon()
    timeline.closeAll(at)
    change({ status, usage, finishedAt: at, reachedLimit: null })
  }
  function start(attempt: number, model: string, event: ChannelEvent, at: number) {
    const isTakeOver = view.attempts > 0 && !isParked && attempt > view.attempts
    isParked = false
    timeline.close('queue', at)
    timeline.close('limit', at)
    if (isTakeOver) {
      timeline.close('attempt', at, 'lost')
      notice(event, `Attempt ${attempt}: another worker has taken the run over.`, 'wait')
    }
    timeline.open('attempt', { lane: 'Attempts', label: `Attempt ${attempt}` }, at)
    change({ status: 'RUNNING', attempts: attempt, model, startedAt: view.startedAt ?? at, reachedLimit: null })
  }

  function apply(event: ChannelEvent): void {
    const at = Date.parse(event.at)
    change({ lastAt: at, acceptedAt: view.acceptedAt ?? at })
    switch (event.__typename) {
      case 'DispatchQueued':
        event.messages.forEach(put)
        queue(at)
        return
      case 'TranscriptTaken': {
        const own = [...entries]
        entries.clear()
        event.messages.forEach(put)
        for (const [key, entry] of own) entries.set(key, entry)
        return
      }
      case 'MessagesAdded':
        added = [...added, ...event.messages]
        return
      case 'DispatchStarted':
        start(event.attempt, event.model, event, at)
        return
      case 'IterationStarted':
        added.forEach(put)
        added = []
        timeline.open('iteration', { lane: 'Iterations', label: `Iteration ${event.iteration}` }, at)
        change({ status: 'RUNNING' })
        return
      case 'TextDelta':
        grow('BOT', event.messageId, event.position, event.text)
        return
      case 'ReasoningDelta':
        grow('REASONING', event.messageId, event.position, event.text)
        return
      case 'MessageCompleted':
        put(event.message)
        return
      case 'MessageDiscarded': {
        const entry = entries.get(event.messageId)
        if (entry?.kind === 'message') entries.set(event.messageId, { ...entry, isDiscarded: true, isComplete: true })
        return
      }
      case 'IterationFinished':
        timeline.close('iteration', at)
        change({ usage: sumOf(view.usage, event.usage) })
        return
      case 'FunctionCallRequested':
        calls.requested(event, at)
        // What was waited for has been approved.
        if (isParked && view.status === 'WAITING' && !calls.areAwaited()) queue(at)
        return
      case 'FunctionResultAwaited':
        calls.awaited(event, at)
        if (calls.areAwaited() && !isParked) park(at)
        return
      case 'FunctionCallCompleted':
      case 'FunctionCallFailed':
        if (event.__typename === 'FunctionCallCompleted') calls.completed(event, at)
        else calls.failed(event, at)
        if (calls.areAwaited() && !isParked) park(at)
        else if (isParked && view.status === 'WAITING' && !calls.areAwaited()) queue(at)
        return
      case 'ChannelMessagePublished':
        notice(event, `Published on the channel: ${JSON.stringify(event.payload)}`)
        return
      case 'AttachmentFailed':
        notice(event, `The attachment ${event.url} could not be fetched: ${event.error.message}`, 'bad')
        return
      case 'DispatchPaused': {
        const { kind, used, allowed } = event.reachedLimit
        park(at)
        timeline.open('limit', { lane: 'Waits', label: 'a limit to be raised', tone: 'wait' }, at)
        notice(event, `Paused: the limit on ${kind.toLowerCase()} is reached (${used} of ${allowed}).`, 'wait')
        change({ usage: event.usage, reachedLimit: event.reachedLimit })
        return
      }
      case 'LimitsRaised':
        notice(event, 'Limits were set anew.')
        return
      case 'DispatchCompleted':
        end(at, 'COMPLETED', event.usage)
        change({ finishReason: event.result.finishReason })
        return
      case 'DispatchFailed':
        end(at, 'FAILED', event.usage)
        change({ error: event.error })
        return
      case 'DispatchCancelled':
        end(at, 'CANCELLED', event.usage)
        notice(event, event.reason ? `Cancelled: ${event.reason}` : 'Cancelled.', 'bad')
        return
      // A kind of a later server: it is in the list of events.
      default:
        event satisfies never
    }
  }

  return {
    apply,
    view: () => ({ ...view, entries: [...entries.values(), ...added.map(messageEntry)], bars: timeline.bars() }),
  }
}

/** A cost that is not known counts as nothing until the ending tells it. */
function sumOf(before: Usage | null, more: Usage): Usage {
  if (before === null) return more
  const counts = Object.entries(before).map(([name, count]) => {
    const key = name as keyof Usage
    return [name, key === 'cost' && count === null && more.cost === null ? null : Number(count) + Number(more[key])]
  })
  return Object.fromEntries(counts) as Usage
}
