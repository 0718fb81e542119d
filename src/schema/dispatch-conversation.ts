import { parseDispatchInput } from '../conversation/dispatch-input.ts'
import { recordSnapshot, type Snapshot } from '../dispatch/snapshot.ts'
import { builder } from './builder.ts'
import { Dispatch, loadDispatches } from './dispatch.ts'
import { LimitsInput } from './limits.ts'
import { MessageInput } from './message.ts'
import { selects } from './selects.ts'

const DispatchConversationInput = builder.inputType('DispatchConversationInput', {
  description: 'A conversation to be completed in the background.',
  fields: (t) => ({
    messages: t.field({
      type: [MessageInput],
      required: true,
      description: 'At least one, unless the dispatch continues another; at most 1000.',
    }),
    continues: t.id({
      description: 'An ended dispatch of the same account: its transcript comes first, these messages after it.',
    }),
    limits: t.field({ type: LimitsInput, description: 'What bounds the work. Default: see LimitsInput.' }),
    channelId: t.id({
      description:
        '16 to 128 of A-Z a-z 0-9 _ -. Chosen by the caller, it makes the dispatch idempotent: the same id with the same input is one run, with another input a CONFLICT. Default: a minted one.',
    }),
    model: t.string({
      description:
        '`provider:name` with optional `/key=value` settings; see `models`. Default: the server’s default model.',
    }),
    backstory: t.string({
      description: 'Who the model is: its system message. Wins over messages of type BACKSTORY.',
    }),
    notBefore: t.field({ type: 'DateTime', description: 'Start no earlier than this; within 366 days.' }),
    timeoutSeconds: t.int({
      description:
        'Give the run up after this many seconds of work, 1 to 1,209,600; waiting for answers does not count. Default: no limit.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
}

const DispatchConversationPayload = builder.objectRef<Payload>('DispatchConversationPayload').implement({
  description: 'A dispatch that has been accepted.',
  fields: (t) => ({
    channelId: t.id({ description: 'The channel to follow.', resolve: ({ dispatch }) => dispatch.key.channel }),
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it stands.' }),
  }),
})

builder.mutationField('dispatchConversation', (t) =>
  t.field({
    type: DispatchConversationPayload,
    description:
      'Accepts a conversation and answers at once; a worker completes it in the background. The dispatch is stored when the answer comes. BAD_USER_INPUT names each field that is wrong, CONFLICT a channelId in use, UNAVAILABLE a store that cannot be reached: then try again with the same channelId.',
    args: {
      input: t.arg({ type: DispatchConversationInput, required: true, description: 'What is to be completed.' }),
    },
    resolve: async (_root, { input }, { services, principal }, info): Promise<Payload> => {
      const record = await services.dispatchConversation(principal.account, parseDispatchInput(input, ['input']))
      const [dispatch] = selects(info, 'messages') ? await loadDispatches(services, [record.key], true) : []
      return { dispatch: dispatch ?? recordSnapshot(record) }
    },
  }),
)
