import type { MessageType } from '../../../conversation/message.ts'
import type { ViewMessage } from '../../../conversation/view.ts'
import { builder } from '../builder.ts'

const values: Record<Uppercase<MessageType>, { value: MessageType; description: string }> = {
  USER: { value: 'user', description: 'What a person said. The model reads it in the role of the user.' },
  BOT: { value: 'bot', description: 'What the model said. The model reads it in the role of the assistant.' },
  REASONING: {
    value: 'reasoning',
    description: "The reasoning of the model. It is returned to the model with the assistant's next message.",
  },
  CONTEXT: { value: 'context', description: 'Background for the model, which reads it in the role of the user.' },
  INSTRUCTION: {
    value: 'instruction',
    description: 'An instruction for the model, which reads it in the role of the user.',
  },
  BACKSTORY: {
    value: 'backstory',
    description:
      'Who the model is: the start of its system message. Only the last one counts, and only if neither the dispatch nor its bot has a `backstory`.',
  },
  ACTIVITY: {
    value: 'activity',
    description:
      'The request or the response of a function call, in `meta.activity`. The model does not see a request without a response, or a response without a request.',
  },
  CHECKPOINT: {
    value: 'checkpoint',
    description: 'A marker in the conversation. The model reads it in the role of the user.',
  },
}

const MessageTypeEnum = builder.enumType('MessageType', {
  description: 'What a message is, and in which role the model reads it.',
  values,
})

export const MessageInput = builder.inputType('MessageInput', {
  description:
    'A message to begin the conversation with. The model does not see messages with empty text, except those of type ACTIVITY.',
  fields: (t) => ({
    id: t.id({
      description:
        "The caller's id for the message, 1 to 128 characters, unique within the dispatch. It is kept, so an optimistic user interface can match it. Default: a new, globally unique id.",
    }),
    type: t.field({ type: MessageTypeEnum, required: true, description: 'What the message is.' }),
    text: t.string({ required: true, description: 'The text, up to 1,000,000 UTF-16 code units.' }),
    meta: t.field({
      type: 'JSONObject',
      description:
        "The caller's own data, kept as it is; at most 100 levels deep. For ACTIVITY: {activity: {type: request | response, function: {name, arguments, result}}}.",
    }),
  }),
})

export const Message = builder.objectRef<ViewMessage>('Message').implement({
  description: 'A message of the conversation.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id that the caller gave, or a globally unique minted one.' }),
    type: t.expose('type', { type: MessageTypeEnum, description: 'What the message is.' }),
    text: t.exposeString('text', { description: 'The text; while the message is incomplete, the text so far.' }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data, or the details of an activity or attachment; null if there are none.",
      resolve: ({ meta }) => meta ?? null,
    }),
    isComplete: t.exposeBoolean('isComplete', { description: 'False while the model is still writing the message.' }),
  }),
})
