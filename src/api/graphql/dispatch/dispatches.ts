import type { Run } from '../../../dispatch/run.ts'
import { builder } from '../builder.ts'
import { conversationIdArgument } from '../failure.ts'
import { pageComplexity } from '../resource/resource.ts'
import { DispatchStatus } from './dispatch.ts'
import { DispatchConnection, dispatchPage } from './dispatch-page.ts'

builder.queryField('dispatches', (t) =>
  t.field({
    type: DispatchConnection,
    description: "The account's dispatches that match all given filters, newest first.",
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
      after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
      statuses: t.arg({ type: [DispatchStatus], description: 'Only dispatches in one of these states. Default: all.' }),
      contactId: t.arg.id({ description: 'Only dispatches with this contact. Default: all.' }),
      botId: t.arg.id({ description: 'Only dispatches with this bot. Default: all.' }),
      conversationId: t.arg.id({
        description: 'Only dispatches of this conversation, of which the newest 100,000 are listed. Default: all.',
      }),
    },
    resolve: (_root, { statuses, contactId, botId, conversationId, ...range }, context, info) => {
      const wanted = statuses == null ? null : new Set(statuses)
      const isWanted = (run: Run) =>
        (wanted === null || wanted.has(run.status)) &&
        (contactId == null || run.contactId === contactId) &&
        (botId == null || run.botId === botId)
      const { account } = context.principal
      const of = conversationId == null ? account : { account, conversation: conversationIdArgument(conversationId) }
      return dispatchPage(context, { of, range, isWanted }, info)
    },
  }),
)
