import { FunctionCall } from '../dispatch/function.ts'
import { DispatchError } from '../dispatch/outcome.ts'
import { ChannelEvent, eventRef } from './channel-event.ts'

eventRef('function-call-requested').implement({
  interfaces: [ChannelEvent],
  description:
    'The model has made a function call. Later events tell its outcome. It comes once more for an ability that has been approved.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The function call.', resolve: ({ event }) => event.call }),
  }),
})

eventRef('function-result-awaited').implement({
  interfaces: [ChannelEvent],
  description:
    'The run waits until an answer to this call arrives or its deadline passes. For an ability: until somebody approves or denies it.',
  fields: (t) => ({
    call: t.field({
      type: FunctionCall,
      description: 'The function call; its `deadline` is set.',
      resolve: ({ event }) => event.call,
    }),
    resultChannelId: t.id({
      nullable: true,
      description:
        'The channel on which to publish the answer; null when the answer must come through `submitFunctionResult`.',
      resolve: ({ event }) => event.resultChannelId,
    }),
  }),
})

eventRef('function-call-completed').implement({
  interfaces: [ChannelEvent],
  description: 'A function call has its answer.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The function call.', resolve: ({ event }) => event.call }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The answer: any JSON value, including null.',
      resolve: ({ event }) => event.data,
    }),
  }),
})

eventRef('function-call-failed').implement({
  interfaces: [ChannelEvent],
  description:
    'A function call has failed. The model reads the error and the run goes on, unless the code is ABORTED: then the run completes with ABORT.',
  fields: (t) => ({
    call: t.field({ type: FunctionCall, description: 'The function call.', resolve: ({ event }) => event.call }),
    error: t.field({
      type: DispatchError,
      description:
        'Why the call failed. Its code is BAD_ARGUMENTS (the arguments are unreadable or violate the schema), NOT_FOUND (no such function), LIMIT_EXCEEDED (too many calls), TIMEOUT (no answer in time), ABORTED (the answer asked to stop the run) or FAILED (the answer was an error).',
      resolve: ({ event }) => event.error,
    }),
  }),
})

eventRef('channel-message-published').implement({
  interfaces: [ChannelEvent],
  description: 'Someone published a message on the channel with `publishChannelMessage`.',
  fields: (t) => ({
    payload: t.field({
      type: 'JSONObject',
      description: 'The published message.',
      resolve: ({ event }) => event.payload,
    }),
  }),
})

eventRef('attachment-failed').implement({
  interfaces: [ChannelEvent],
  description: 'An attachment could not be fetched. The model is told, and the run goes on without it.',
  fields: (t) => ({
    url: t.string({ description: 'The URL of the attachment.', resolve: ({ event }) => event.url }),
    error: t.field({
      type: DispatchError,
      description: 'Why the attachment could not be fetched. Its code is FAILED.',
      resolve: ({ event }) => event.error,
    }),
  }),
})
