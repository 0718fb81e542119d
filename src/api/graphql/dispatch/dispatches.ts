import type { RunRecord } from '../../../dispatch/run-record.ts'
import { builder } from '../builder.ts'
import { pageComplexity } from '../resource/resource.ts'
import { DispatchStatus } from './dispatch.ts'
import { DispatchConnection, dispatchPage } from './dispatch-page.ts'

builder.queryField('dispatches', (t) =>
  t.field({
    type: DispatchConnection,
    description: "The account's dispatches, newest first.",
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 100. Default 20.' }),
      after: t.arg.string({ description: "Go on behind this edge's cursor." }),
      statuses: t.arg({ type: [DispatchStatus], description: 'Only those that stand so. Default: all.' }),
      contactId: t.arg.id({ description: 'Only those with this contact.' }),
      botId: t.arg.id({ description: 'Only those with this bot.' }),
    },
    resolve: (_root, { statuses, contactId, botId, ...range }, { services, principal }, info) => {
      const wanted = statuses == null ? null : new Set(statuses)
      const isWanted = (record: RunRecord) =>
        (wanted === null || wanted.has(record.status)) &&
        (contactId == null || record.contactId === contactId) &&
        (botId == null || record.botId === botId)
      return dispatchPage(services, { account: principal.account, range, isWanted }, info)
    },
  }),
)
