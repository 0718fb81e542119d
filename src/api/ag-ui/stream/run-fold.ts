import type { LogEntry } from '../../../channel/channel.ts'
import { endUserEvent } from '../../../conversation/end-user-view.ts'
import type { Ending } from '../../../conversation/event.ts'
import { type EventHandlers, handleEvent } from '../../../conversation/event-table.ts'
import { isEnding } from '../../../conversation/event-traits.ts'
import type { Message } from '../../../conversation/message.ts'
import type { FrameFold } from '../../facade/read-frames.ts'
import type { AgUiEvent, Frame, RunIds } from './event.ts'
import { agUiMessages, callOf, type HeldMessage, ownerAfter } from './message.ts'
import { createOpenCalls, type OpenCalls } from './open-calls.ts'
import { createOpenMessages, type OpenMessages } from './open-messages.ts'
import { runEnd, runInterrupted } from './run-end.ts'

export interface RunFoldOptions {
  readonly ids: RunIds
  /** What the client holds. If it turns out to lack a message of the conversation, it gets them all. Null: it lacks none. */
  readonly held: readonly HeldMessage[] | null
}

export interface RunFold extends FrameFold<Frame> {
  /** Takes what the client has by a snapshot, which tells it nothing. */
  skip(entry: LogEntry): void
  /** The end of a run that the client has wholly by a snapshot; null: it has not ended, and does not wait for answers. */
  end(): AgUiEvent | null
}

/** Translates the log of a dispatch into AG-UI events. Everything that is open is closed before the run's last event. */
export function createRunFold({ ids, held }: RunFoldOptions): RunFold {
  const memory: Memory = {
    ids,
    held,
    open: createOpenMessages(),
    calls: createOpenCalls(),
    own: [],
    offset: 0,
    step: null,
    owner: null,
    unheard: [],
    model: '',
    ending: null,
  }
  const interruption = (): AgUiEvent | null => {
    const asked = memory.calls.asked()
    return asked.length === 0 ? null : runInterrupted(asked, ids)
  }
  const take = (entry: LogEntry): readonly Frame[] => {
    const event = endUserEvent(entry.event)
    if (event === null) return []
    memory.offset = entry.offset
    return handleEvent(handlers, event, memory) ?? []
  }
  return {
    accept(entry) {
      return { frames: take(entry), isEnd: isEnding(entry.event) }
    },
    atHead() {
      const end = interruption()
      return end === null ? { frames: [], isEnd: false } : { frames: [...closed(memory), end], isEnd: true }
    },
    skip(entry) {
      take(entry)
      // The client has not seen it begin.
      memory.step = null
    },
    end() {
      const { ending, model, calls } = memory
      return ending === null ? interruption() : runEnd(ending, { ids, model, left: calls.left() })
    },
  }
}

interface Memory {
  readonly ids: RunIds
  readonly open: OpenMessages
  readonly calls: OpenCalls
  /** The dispatch's own messages, until the transcript before them is known. */
  own: readonly Message[]
  /** Null once it has been compared. */
  held: readonly HeldMessage[] | null
  /** Of the current entry. */
  offset: number
  /** The name of the step that is open. */
  step: string | null
  /** The assistant's message that the next call belongs to; null: it begins one. */
  owner: string | null
  /** Handed to the run while an iteration was under way: they stand behind it. */
  unheard: readonly Message[]
  model: string
  ending: Ending | null
}

const handlers: EventHandlers<[memory: Memory], readonly Frame[]> = {
  'dispatch-queued': ({ messages }, memory) => {
    memory.own = messages
    memory.owner = messages.reduce(ownerAfter, null)
    return []
  },
  'transcript-taken': ({ messages }, memory) => {
    const { own, held, offset } = memory
    memory.own = []
    memory.held = null
    memory.owner = [...messages, ...own].reduce(ownerAfter, null)
    return held !== null && lacks(held, messages) ? [{ type: 'snapshot-due', offset, held, discarded: [] }] : []
  },
  'messages-added': ({ messages }, memory) => {
    memory.unheard = [...memory.unheard, ...messages]
    return []
  },
  'dispatch-started': ({ model }, memory) => {
    memory.model = model
    return []
  },
  'iteration-started': ({ iteration }, memory) => {
    const before = [...finishStep(memory), ...hear(memory)]
    memory.step = `iteration-${iteration}`
    return [...before, { type: 'STEP_STARTED', stepName: memory.step }]
  },
  'text-delta': (delta, { open }) => open.grow('text', delta),
  'reasoning-delta': (delta, { open }) => open.grow('reasoning', delta),
  'message-completed': ({ message }, memory) => {
    const owner = memory.owner
    memory.owner = ownerAfter(owner, message)
    const call = callOf(message)
    if (call?.type === 'request') {
      const { id: toolCallId, name: toolCallName, arguments: delta } = call
      return [
        { type: 'TOOL_CALL_START', toolCallId, toolCallName, ...(owner !== null && { parentMessageId: owner }) },
        { type: 'TOOL_CALL_ARGS', toolCallId, delta },
        { type: 'TOOL_CALL_END', toolCallId },
      ]
    }
    if (call?.type === 'response') {
      const { id: toolCallId, result: content } = call
      return [{ type: 'TOOL_CALL_RESULT', messageId: message.id, toolCallId, content, role: 'tool' }]
    }
    return told(memory, message)
  },
  'message-discarded': ({ messageId }, memory) => discard(memory, [messageId]),
  'iteration-finished': (_event, memory) => finishStep(memory),
  'function-call-requested': ({ call, problem }, { calls }) => {
    calls.requested(call, problem !== null)
    return []
  },
  'function-result-awaited': ({ call, resultChannelId }, { calls }) => {
    calls.awaited(call, resultChannelId === null)
    return []
  },
  'function-call-completed': ({ call }, { calls }) => {
    calls.answered(call.id)
    return []
  },
  'function-call-failed': ({ call }, { calls }) => {
    calls.answered(call.id)
    return []
  },
  'channel-message-published': ({ payload }) => [{ type: 'CUSTOM', name: 'channel-message', value: payload }],
  'attachment-failed': ({ url, error }) => [{ type: 'CUSTOM', name: 'attachment-failed', value: { url, error } }],
  'dispatch-paused': ({ reachedLimit, pausedUntil }) => {
    const value = { reachedLimit, pausedUntil: new Date(pausedUntil).toISOString() }
    return [{ type: 'CUSTOM', name: 'dispatch-paused', value }]
  },
  'limits-raised': ({ limits, stillReached }) => {
    const value = { limits, isPaused: stillReached !== null }
    return [{ type: 'CUSTOM', name: 'limits-raised', value }]
  },
  'dispatch-completed': ended,
  'dispatch-failed': ended,
  'dispatch-cancelled': ended,
}

function ended(ending: Ending, memory: Memory): readonly Frame[] {
  memory.ending = ending
  const { ids, model, calls } = memory
  return [...closed(memory), runEnd(ending, { ids, model, left: calls.left() })]
}

/** What closes all that is open. Half a message that the run has left behind is none. */
function closed(memory: Memory): readonly Frame[] {
  const halves = discard(memory, memory.open.ids())
  // The snapshot has them.
  if (halves.length > 0 && memory.ending !== null) memory.unheard = []
  return [...halves, ...(memory.ending === null ? [] : hear(memory)), ...finishStep(memory)]
}

function discard({ open, offset }: Memory, messageIds: readonly string[]): readonly Frame[] {
  const lost = messageIds.flatMap((id) => open.close(id) ?? [])
  if (lost.length === 0) return []
  const discarded = lost.flatMap(({ id, type }) => (type === 'reasoning' ? [id] : []))
  return [...lost.flatMap(({ frames }) => frames), { type: 'snapshot-due', offset, discarded }]
}

/** Thoughts do not count: not every client sends them back. */
function lacks(held: readonly HeldMessage[], messages: readonly Message[]): boolean {
  const known = new Set(held.map(({ id }) => id))
  return agUiMessages(messages).some(({ id, role }) => role !== 'reasoning' && !known.has(id))
}

function finishStep(memory: Memory): readonly Frame[] {
  const { step } = memory
  memory.step = null
  return step === null ? [] : [{ type: 'STEP_FINISHED', stepName: step }]
}

function hear(memory: Memory): readonly Frame[] {
  const { unheard } = memory
  memory.unheard = []
  return unheard.flatMap((message) => {
    memory.owner = ownerAfter(memory.owner, message)
    return told(memory, message)
  })
}

/** A whole message, or what is left of it. */
function told({ open }: Memory, { id, type, text }: Message): readonly Frame[] {
  if (type === 'bot') return open.complete('text', id, text)
  if (type === 'reasoning') return open.complete('reasoning', id, text)
  return type === 'user' ? open.complete('text', id, text, 'user') : []
}
