import type { MessageType } from '../../../conversation/message.ts'
import type { ViewMessage } from '../../../conversation/view.ts'
import { builder } from '../builder.ts'

const values: Record<Uppercase<MessageType>, { value: MessageType; description: string }> = {
  USER: { value: 'user', description: 'What a person said. The model reads it as the user.' },
  BOT: { value: 'bot', description: 'What the model said. It reads it as the assistant.' },
  REASONING: {
    value: 'reasoning',
    description: "What the model thought, given back with the assistant's next message.",
  },
  CONTEXT: { value: 'context', description: 'Background for the model, in the place of the user.' },
  INSTRUCTION: { value: 'instruction', description: 'An order for the model, in the place of the user.' },
  BACKSTORY: {
    value: 'backstory',
    description:
      "Who the model is: its system message. The last one counts, and only where the dispatch's `backstory` is absent.",
  },
  ACTIVITY: {
    value: 'activity',
    description:
      "A function call's request or response, in `meta.activity`. One without its other half is left out for the model.",
  },
  CHECKPOINT: { value: 'checkpoint', description: 'A mark in the conversation, in the place of the user.' },
}

const MessageTypeEnum = builder.enumType('MessageType', {
  description: 'What a message is to the conversation, and as whom the model reads it.',
  values,
})

export const MessageInput = builder.inputType('MessageInput', {
  description: 'A message to begin with. Messages without text, other than activities, are left out for the model.',
  fields: (t) => ({
    id: t.id({
      description:
        "The caller's own id, 1 to 128 characters, kept, so that an optimistic view can match it. Unique within the dispatch. Default: a minted one.",
    }),
    type: t.field({ type: MessageTypeEnum, required: true, description: 'What the message is.' }),
    text: t.string({ required: true, description: 'Up to 1,000,000 UTF-16 code units.' }),
    meta: t.field({
      type: 'JSONObject',
      description:
        "The caller's own data, kept. For ACTIVITY: {activity: {type: request | response, function: {name, arguments, result}}}.",
    }),
  }),
})

export const Message = builder.objectRef<ViewMessage>('Message').implement({
  description: 'A message of the conversation.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The caller's id, or a minted one that no other message anywhere has." }),
    type: t.expose('type', { type: MessageTypeEnum, description: 'What the message is.' }),
    text: t.exposeString('text', { description: 'All of it, or what has been said so far.' }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data, or what an activity is about.",
      resolve: ({ meta }) => meta ?? null,
    }),
    isComplete: t.exposeBoolean('isComplete', { description: 'False while the model is still saying it.' }),
  }),
})
