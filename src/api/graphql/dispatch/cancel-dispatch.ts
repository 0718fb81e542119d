import { inputBounds } from '../../../conversation/dispatch-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'

interface Payload {
  readonly dispatch: Snapshot
}

const CancelDispatchPayload = builder.objectRef<Payload>('CancelDispatchPayload').implement({
  description: 'A dispatch that has ended.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it stands.' }),
  }),
})

builder.mutationField('cancelDispatch', (t) =>
  t.field({
    type: CancelDispatchPayload,
    description:
      'Durable: works on queued, delayed, waiting and running runs, from anywhere. Answers when the run has ended, within about two seconds; what was said till then is kept, what was used is counted. Calling it again, or on an ended run, changes nothing and answers with the dispatch as it is. NOT_FOUND where there is none.',
    args: {
      channelId: t.arg.id({ required: true, description: "The dispatch's channel." }),
      reason: t.arg.string({ description: 'For the log, up to 1000 characters.' }),
    },
    resolve: async (_root, { channelId, reason }, { services, principal }, info): Promise<Payload> => {
      const key = { account: principal.account, channel: channelIdArgument(channelId) }
      if ((reason?.length ?? 0) > inputBounds.reason) {
        throw badInput([{ path: ['reason'], message: `takes at most ${inputBounds.reason} characters` }])
      }
      const run = await services.cancelDispatch(key, reason ?? null)
      if (run === null) throw new Failure('NOT_FOUND', 'There is no dispatch by that id.')
      return { dispatch: await dispatchAfter(services, key, runSnapshot(run), info) }
    },
  }),
)
