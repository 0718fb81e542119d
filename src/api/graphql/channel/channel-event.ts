import type { LogEntry } from '../../../channel/channel.ts'
import type { Position } from '../../../channel/position.ts'
import type { ChannelEvent as DomainEvent, EventType } from '../../../conversation/event.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { DispatchError, DispatchResult } from '../dispatch/outcome.ts'
import { Usage } from '../dispatch/usage.ts'
import { Message } from './message.ts'

/** An event with its place, as the event types resolve it. */
export interface ChannelItem<Event extends DomainEvent = DomainEvent> {
  readonly channelId: ChannelId
  readonly position: Position
  readonly at: number
  readonly event: Event
}

export function toItem(channelId: ChannelId, epoch: string, { offset, tag, at, event }: LogEntry): ChannelItem {
  return { channelId, position: { epoch, offset, tag }, at, event }
}

/** The GraphQL name of each kind of event: add a kind and the compiler asks for it here. */
const typeNames: Record<EventType, string> = {
  'dispatch-queued': 'DispatchQueued',
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
  'dispatch-completed': 'DispatchCompleted',
  'dispatch-failed': 'DispatchFailed',
  'dispatch-cancelled': 'DispatchCancelled',
}

export const ChannelEvent = builder.interfaceRef<ChannelItem>('ChannelEvent').implement({
  description: 'Something that happened on a channel. New kinds will come: ignore those you do not know.',
  resolveType: ({ event }) => typeNames[event.type],
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'The place of this event; `after: cursor` goes on behind it.',
      resolve: ({ position }) => position,
    }),
    channelId: t.exposeID('channelId', { description: 'The channel it happened on.' }),
    at: t.field({
      type: 'DateTime',
      description: 'When it was written down, by the clock of the store.',
      resolve: ({ at }) => new Date(at),
    }),
  }),
})

/** Declares an event's type; its fields read the event itself. */
export function eventRef<Type extends EventType>(type: Type) {
  return builder.objectRef<ChannelItem<Extract<DomainEvent, { type: Type }>>>(typeNames[type])
}

eventRef('dispatch-queued').implement({
  interfaces: [ChannelEvent],
  description: 'The dispatch was accepted: the first event of every run.',
  fields: (t) => ({
    messages: t.field({
      type: [Message],
      description: "The transcript that the dispatch continues, if any, then the caller's messages.",
      resolve: ({ event }) => event.messages.map((message) => ({ ...message, isComplete: true })),
    }),
  }),
})

eventRef('dispatch-started').implement({
  interfaces: [ChannelEvent],
  description: 'A worker has taken the run. `attempt` is 1 the first time and grows each time another takes it over.',
  fields: (t) => ({
    attempt: t.int({ description: 'From 1.', resolve: ({ event }) => event.attempt }),
    model: t.string({ description: "The model's name, settings included.", resolve: ({ event }) => event.model }),
  }),
})

eventRef('iteration-started').implement({
  interfaces: [ChannelEvent],
  description: 'The model is being asked. An iteration that is begun again after a take-over keeps its number.',
  fields: (t) => ({
    iteration: t.int({ description: 'From 1.', resolve: ({ event }) => event.iteration }),
  }),
})

const deltaDescription = `\`position\` is where this text starts in the message, in UTF-16 code units, so that
\`text.slice(0, position) + delta.text\` is right however often an event is applied. Adjacent deltas of a message may
arrive joined, with the cursor of the last.`

for (const [type, what] of [
  ['text-delta', 'More of a message of type BOT.'],
  ['reasoning-delta', 'More of a message of type REASONING.'],
] as const) {
  eventRef(type).implement({
    interfaces: [ChannelEvent],
    description: `${what} ${deltaDescription}`,
    fields: (t) => ({
      messageId: t.id({ description: 'The message that grows.', resolve: ({ event }) => event.messageId }),
      position: t.int({
        description: 'Where `text` starts, in UTF-16 code units.',
        resolve: ({ event }) => event.position,
      }),
      text: t.string({ description: 'What was said; never half a character.', resolve: ({ event }) => event.text }),
    }),
  })
}

eventRef('message-completed').implement({
  interfaces: [ChannelEvent],
  description:
    'The message is whole. Its text equals its deltas joined. Function requests and responses come as messages of type ACTIVITY too.',
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The whole message.',
      resolve: ({ event }) => ({ ...event.message, isComplete: true }),
    }),
  }),
})

eventRef('message-discarded').implement({
  interfaces: [ChannelEvent],
  description:
    'The deltas of this message are void: its attempt was lost and another writes the message anew, under a new id.',
  fields: (t) => ({
    messageId: t.id({ description: 'The message to take back.', resolve: ({ event }) => event.messageId }),
  }),
})

eventRef('iteration-finished').implement({
  interfaces: [ChannelEvent],
  description: "The model has answered. `usage` is this iteration's own.",
  fields: (t) => ({
    iteration: t.int({ description: 'From 1.', resolve: ({ event }) => event.iteration }),
    usage: t.field({ type: Usage, description: "This iteration's own.", resolve: ({ event }) => event.usage }),
  }),
})

eventRef('dispatch-completed').implement({
  interfaces: [ChannelEvent],
  description: 'The run has come to its end; nothing follows.',
  fields: (t) => ({
    result: t.field({ type: DispatchResult, description: 'What it came to.', resolve: ({ event }) => event.result }),
    usage: t.field({ type: Usage, description: "The whole run's.", resolve: ({ event }) => event.usage }),
  }),
})

eventRef('dispatch-failed').implement({
  interfaces: [ChannelEvent],
  description: 'The run has failed; nothing follows.',
  fields: (t) => ({
    error: t.field({ type: DispatchError, description: 'Why.', resolve: ({ event }) => event.error }),
    usage: t.field({ type: Usage, description: "The whole run's.", resolve: ({ event }) => event.usage }),
  }),
})

eventRef('dispatch-cancelled').implement({
  interfaces: [ChannelEvent],
  description:
    'The run was cancelled; nothing follows. What the model had said till then stands as a message before it.',
  fields: (t) => ({
    reason: t.string({
      nullable: true,
      description: 'As given to cancelDispatch.',
      resolve: ({ event }) => event.reason,
    }),
    usage: t.field({ type: Usage, description: "The whole run's, till then.", resolve: ({ event }) => event.usage }),
  }),
})
