import type { LogEntry } from '../../../channel/channel.ts'
import type { Position } from '../../../channel/position.ts'
import type { ChannelEvent as DomainEvent, EventOf, EventType } from '../../../conversation/event.ts'
import type { ByEventType } from '../../../conversation/event-table.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { DispatchError, DispatchResult } from '../dispatch/outcome.ts'
import { Usage } from '../dispatch/usage.ts'
import { Message } from './message.ts'

/** An event with its position: what the event types resolve. */
export interface ChannelItem<Event extends DomainEvent = DomainEvent> {
  readonly channelId: ChannelId
  readonly position: Position
  readonly at: number
  readonly event: Event
}

export function toItem(channelId: ChannelId, epoch: string, { offset, tag, at, event }: LogEntry): ChannelItem {
  return { channelId, position: { epoch, offset, tag }, at, event }
}

/** The GraphQL type name of each kind of event. A test finds kinds whose type is not declared below. */
export const typeNames: ByEventType<string> = {
  'dispatch-queued': 'DispatchQueued',
  'transcript-taken': 'TranscriptTaken',
  'messages-added': 'MessagesAdded',
  'dispatch-started': 'DispatchStarted',
  'iteration-started': 'IterationStarted',
  'text-delta': 'TextDelta',
  'reasoning-delta': 'ReasoningDelta',
  'message-completed': 'MessageCompleted',
  'message-discarded': 'MessageDiscarded',
  'iteration-finished': 'IterationFinished',
  'function-call-requested': 'FunctionCallRequested',
  'function-result-awaited': 'FunctionResultAwaited',
  'function-call-completed': 'FunctionCallCompleted',
  'function-call-failed': 'FunctionCallFailed',
  'channel-message-published': 'ChannelMessagePublished',
  'attachment-failed': 'AttachmentFailed',
  'dispatch-paused': 'DispatchPaused',
  'limits-raised': 'LimitsRaised',
  'dispatch-completed': 'DispatchCompleted',
  'dispatch-failed': 'DispatchFailed',
  'dispatch-cancelled': 'DispatchCancelled',
}

export const ChannelEvent = builder.interfaceRef<ChannelItem>('ChannelEvent').implement({
  description: 'Something that happened on a channel. New event types may be added: ignore types that you do not know.',
  resolveType: ({ event }) => typeNames[event.type],
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'The position of this event in the log. Pass it as `after` to continue right after it.',
      resolve: ({ position }) => position,
    }),
    channelId: t.exposeID('channelId', { description: 'The channel that the event belongs to.' }),
    at: t.field({
      type: 'DateTime',
      description: 'When the event was stored, by the clock of the store.',
      resolve: ({ at }) => new Date(at),
    }),
  }),
})

/** Starts the GraphQL type of one kind of event. Its fields resolve from a ChannelItem whose event is of that kind. */
export function eventRef<Type extends EventType>(type: Type) {
  return builder.objectRef<ChannelItem<EventOf<Type>>>(typeNames[type])
}

eventRef('dispatch-queued').implement({
  interfaces: [ChannelEvent],
  description: 'The dispatch was accepted. This is the first event of every run.',
  fields: (t) => ({
    messages: t.field({
      type: [Message],
      description:
        'The transcript that the dispatch continues, if any, then the messages of its input. For the transcript of a conversation see TranscriptTaken.',
      resolve: ({ event }) => event.messages.map((message) => ({ ...message, isComplete: true })),
    }),
  }),
})

eventRef('transcript-taken').implement({
  interfaces: [ChannelEvent],
  description:
    "The dispatch's turn in its conversation has come, and it begins with what the conversation has said by now. Comes before DispatchStarted, and not where nothing has been said yet.",
  fields: (t) => ({
    messages: t.field({
      type: [Message],
      description: 'The transcript of the conversation. The messages of DispatchQueued follow these.',
      resolve: ({ event }) => event.messages.map((message) => ({ ...message, isComplete: true })),
    }),
  }),
})

eventRef('messages-added').implement({
  interfaces: [ChannelEvent],
  description:
    'Messages were handed to the run by `addDispatchMessages`, or by a dispatch whose `whenBusy` is STEER. The next model call has them: the one of the next IterationStarted. In the transcript they stand behind what the iteration says that was under way, and behind the results of its calls.',
  fields: (t) => ({
    messages: t.field({
      type: [Message],
      description: 'The new messages; those that the run had already are left out.',
      resolve: ({ event }) => event.messages.map((message) => ({ ...message, isComplete: true })),
    }),
  }),
})

eventRef('dispatch-started').implement({
  interfaces: [ChannelEvent],
  description:
    'A worker has taken the run. `attempt` is 1 the first time and grows each time a worker takes the run again.',
  fields: (t) => ({
    attempt: t.int({
      description: 'The number of this attempt, starting at 1.',
      resolve: ({ event }) => event.attempt,
    }),
    model: t.string({
      description: 'The name of the model, including its settings.',
      resolve: ({ event }) => event.model,
    }),
  }),
})

eventRef('iteration-started').implement({
  interfaces: [ChannelEvent],
  description: 'A model call starts. An iteration that another worker starts again after a take-over keeps its number.',
  fields: (t) => ({
    iteration: t.int({
      description: 'The number of the iteration, starting at 1.',
      resolve: ({ event }) => event.iteration,
    }),
  }),
})

const deltaDescription = `\`position\` is where this text starts in the message, in UTF-16 code units, so that
\`text.slice(0, position) + delta.text\` is correct however often an event is applied. Adjacent deltas of a message may
arrive joined into one event, with the cursor of the last.`

for (const [type, what] of [
  ['text-delta', 'The next piece of a message of type BOT.'],
  ['reasoning-delta', 'The next piece of a message of type REASONING.'],
] as const) {
  eventRef(type).implement({
    interfaces: [ChannelEvent],
    description: `${what} ${deltaDescription}`,
    fields: (t) => ({
      messageId: t.id({
        description: 'The message that this text belongs to.',
        resolve: ({ event }) => event.messageId,
      }),
      position: t.int({
        description: 'Where `text` starts in the message, in UTF-16 code units.',
        resolve: ({ event }) => event.position,
      }),
      text: t.string({
        description: 'The text of this piece. It never splits a character.',
        resolve: ({ event }) => event.text,
      }),
    }),
  })
}

eventRef('message-completed').implement({
  interfaces: [ChannelEvent],
  description:
    'A message is complete. Its text equals its deltas joined. Function requests and responses also arrive as messages of type ACTIVITY.',
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The complete message.',
      resolve: ({ event }) => ({ ...event.message, isComplete: true }),
    }),
  }),
})

eventRef('message-discarded').implement({
  interfaces: [ChannelEvent],
  description:
    'Drop this message: its deltas are void, because the model call that wrote it was lost. If the run goes on, the message is written again under a new id.',
  fields: (t) => ({
    messageId: t.id({ description: 'The message to drop.', resolve: ({ event }) => event.messageId }),
  }),
})

eventRef('iteration-finished').implement({
  interfaces: [ChannelEvent],
  description: 'A model call has ended with an answer.',
  fields: (t) => ({
    iteration: t.int({
      description: 'The number of the iteration, starting at 1.',
      resolve: ({ event }) => event.iteration,
    }),
    usage: t.field({
      type: Usage,
      description: 'What this iteration alone used.',
      resolve: ({ event }) => event.usage,
    }),
  }),
})

eventRef('dispatch-completed').implement({
  interfaces: [ChannelEvent],
  description: 'The run has completed. This is its last event.',
  fields: (t) => ({
    result: t.field({
      type: DispatchResult,
      description: 'The result of the run.',
      resolve: ({ event }) => event.result,
    }),
    usage: t.field({ type: Usage, description: 'What the whole run used.', resolve: ({ event }) => event.usage }),
  }),
})

eventRef('dispatch-failed').implement({
  interfaces: [ChannelEvent],
  description: 'The run has failed. This is its last event.',
  fields: (t) => ({
    error: t.field({ type: DispatchError, description: 'Why the run failed.', resolve: ({ event }) => event.error }),
    usage: t.field({ type: Usage, description: 'What the whole run used.', resolve: ({ event }) => event.usage }),
  }),
})

eventRef('dispatch-cancelled').implement({
  interfaces: [ChannelEvent],
  description:
    'The run was cancelled. This is its last event; a MessageCompleted before it holds what the model had said until then.',
  fields: (t) => ({
    reason: t.string({
      nullable: true,
      description: 'The reason given to `cancelDispatch`; null if none was given.',
      resolve: ({ event }) => event.reason,
    }),
    usage: t.field({
      type: Usage,
      description: 'What the whole run used until then.',
      resolve: ({ event }) => event.usage,
    }),
  }),
})
