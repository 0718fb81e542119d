import { watchConversation } from '../../../dispatch/line/watch-conversation.ts'
import { builder } from '../builder.ts'
import { resolveStreamed, streamed } from '../channel/event-stream.ts'
import { conversationIdArgument } from '../failure.ts'
import { Conversation } from './conversation.ts'

builder.subscriptionField('conversationUpdates', (t) =>
  t.field({
    type: Conversation,
    description: `The conversation as it stands, and again whenever one of its dispatches has been accepted, has started, waits or has
ended. A slow reader gets the newest state, not every state. Does not complete by itself: \`current\` tells a page which channel to
watch next. You can subscribe before the conversation exists. LIMIT_EXCEEDED when too many subscriptions are open.`,
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id that its dispatches name.' }),
    },
    subscribe: (_root, { conversationId }, { services, principal }) => {
      const conversation = conversationIdArgument(conversationId)
      const source = watchConversation(services, { account: principal.account, conversation })
      return streamed(source, (state) => [state])
    },
    resolve: (value) => resolveStreamed(value),
  }),
)
