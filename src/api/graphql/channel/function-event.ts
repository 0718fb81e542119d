import { FunctionCall } from '../dispatch/function.ts'
import { DispatchError } from '../dispatch/outcome.ts'
import { ChannelEvent, eventRef } from './channel-event.ts'

eventRef('function-call-requested').implement({
  interfaces: [ChannelEvent],
  description: 'The model asks for a function call. What becomes of it follows.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The call.', resolve: ({ event }) => event.call }),
  }),
})

eventRef('function-result-awaited').implement({
  interfaces: [ChannelEvent],
  description: 'The run waits until an answer to this call comes or its deadline passes.',
  fields: (t) => ({
    call: t.field({
      type: FunctionCall,
      description: 'The call, with its deadline.',
      resolve: ({ event }) => event.call,
    }),
    resultChannelId: t.id({
      nullable: true,
      description: 'Where the answer is to be published; null when submitFunctionResult is to bring it.',
      resolve: ({ event }) => event.resultChannelId,
    }),
  }),
})

eventRef('function-call-completed').implement({
  interfaces: [ChannelEvent],
  description: 'The call has its answer.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The call.', resolve: ({ event }) => event.call }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The answer: any JSON, also null.',
      resolve: ({ event }) => event.data,
    }),
  }),
})

eventRef('function-call-failed').implement({
  interfaces: [ChannelEvent],
  description: 'The call has failed; the model is told, and the run goes on, unless the error is ABORTED.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The call.', resolve: ({ event }) => event.call }),
    error: t.field({
      type: DispatchError,
      description:
        'BAD_ARGUMENTS (unreadable, or not what the function takes), NOT_FOUND (no such function), LIMIT_EXCEEDED (too many calls), TIMEOUT (no answer in time), ABORTED (the answer asked to stop the run) or FAILED (whoever was to answer said so).',
      resolve: ({ event }) => event.error,
    }),
  }),
})

eventRef('channel-message-published').implement({
  interfaces: [ChannelEvent],
  description: "A message of somebody's own, by publishChannelMessage.",
  fields: (t) => ({
    payload: t.field({ type: 'JSONObject', description: 'The message.', resolve: ({ event }) => event.payload }),
  }),
})

eventRef('attachment-failed').implement({
  interfaces: [ChannelEvent],
  description: 'An attachment that could not be had. The model is told, and the run goes on without it.',
  fields: (t) => ({
    url: t.string({ description: "The attachment's URL.", resolve: ({ event }) => event.url }),
    error: t.field({ type: DispatchError, description: 'Why.', resolve: ({ event }) => event.error }),
  }),
})
