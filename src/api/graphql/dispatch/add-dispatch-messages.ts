import { parseAddedMessages } from '../../../conversation/input/message-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { builder } from '../builder.ts'
import { MessageInput } from '../channel/message.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'

const AddDispatchMessagesInput = builder.inputType('AddDispatchMessagesInput', {
  description: 'Messages for a run that has not ended.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'The channel id of the dispatch.' }),
    messages: t.field({
      type: [MessageInput],
      required: true,
      description:
        'At least one, up to 1000, of type USER, BOT, CONTEXT, INSTRUCTION or CHECKPOINT. Give them ids, so that the call can be repeated: a message that the run has already, from whatever call, is not added again. CONFLICT when the run has another message by that id. Without an id a message is always new.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
}

const AddDispatchMessagesPayload = builder.objectRef<Payload>('AddDispatchMessagesPayload').implement({
  description: 'The result of addDispatchMessages: the messages are in the log.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it is now.' }),
  }),
})

builder.mutationField('addDispatchMessages', (t) =>
  t.field({
    type: AddDispatchMessagesPayload,
    description:
      'Hands messages to a run that has not ended, whether it is queued, running or waiting. They are in its log when this returns (MessagesAdded), and its next model call has them; the call that is under way goes on without them, also where a provider makes it try again. A run that would complete first goes on with them instead, unless its iterations are used up, a function call is left to its caller, or an answer asked to abort: then they are the end of its transcript. Calls whose answers it waits for come first. The same message ids again add nothing, also when the run has ended since. NOT_FOUND when there is no such dispatch. CONFLICT when it has ended. LIMIT_EXCEEDED when its log or the account has no room for them, or 1000 messages have not been read yet. Takes an API key.',
    args: {
      input: t.arg({ type: AddDispatchMessagesInput, required: true, description: 'The run and the messages.' }),
    },
    resolve: async (_root, { input }, context, info): Promise<Payload> => {
      const channel = channelIdArgument(input.channelId, ['input', 'channelId'])
      const messages = parseAddedMessages(input.messages, ['input', 'messages'])
      const run = await context.services.addMessages({ account: context.principal.account, channel }, messages)
      return { dispatch: await dispatchAfter(context, runSnapshot(run), info) }
    },
  }),
)
