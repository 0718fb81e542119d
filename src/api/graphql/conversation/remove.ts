import { removed } from '../../removed.ts'
import { builder } from '../builder.ts'
import { channelIdArgument, conversationIdArgument } from '../failure.ts'
import { DeletePayload } from '../resource/delete.ts'

builder.mutationField('deleteDispatch', (t) =>
  t.field({
    type: DeletePayload,
    description:
      'Removes an ended dispatch now: its log, its record, and what it kept. Whoever watches its channel gets CURSOR_EXPIRED. What it has said in a conversation, or to a dispatch that continues it, stays there. CONFLICT while it, or one before it in its conversation, has not ended. NOT_FOUND when the account has no such dispatch, for example because it is already deleted.',
    args: { channelId: t.arg.id({ required: true, description: 'The channel id of the dispatch.' }) },
    resolve: async (_root, { channelId }, { services, principal }) => {
      const channel = channelIdArgument(channelId)
      removed(await services.removals.dispatch({ account: principal.account, channel }), 'dispatch')
      return { id: channel }
    },
  }),
)

builder.mutationField('deleteConversation', (t) =>
  t.field({
    type: DeletePayload,
    description:
      'Removes a conversation, its transcript and all its dispatches. CONFLICT while one of them has not ended. NOT_FOUND when the account has no such conversation, for example because it is already deleted.',
    args: { id: t.arg.id({ required: true, description: 'The id that its dispatches name.' }) },
    resolve: async (_root, { id }, { services, principal }) => {
      const conversation = conversationIdArgument(id, ['id'])
      removed(await services.removals.conversation({ account: principal.account, conversation }), 'conversation')
      return { id: conversation }
    },
  }),
)
