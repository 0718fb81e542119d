import { inputBounds } from '../../../conversation/input/dispatch-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'

interface Payload {
  readonly dispatch: Snapshot
}

const CancelDispatchPayload = builder.objectRef<Payload>('CancelDispatchPayload').implement({
  description: 'The result of cancelDispatch.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it is now. It has ended.' }),
  }),
})

builder.mutationField('cancelDispatch', (t) =>
  t.field({
    type: CancelDispatchPayload,
    description:
      'Cancels a run in any state: queued, delayed, waiting or running, on whichever process. Returns once the run has ended, within about two seconds. The log keeps what the model said until then, and usage counts it. The cancellation is durable: it works even if the worker crashes. Cancelling an ended run, or cancelling twice, changes nothing and returns the dispatch as it is. NOT_FOUND when the account has no such dispatch.',
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel id of the dispatch.' }),
      reason: t.arg.string({
        description: 'Why the run is cancelled, up to 1000 characters. DispatchCancelled carries it. Default: null.',
      }),
    },
    resolve: async (_root, { channelId, reason }, context, info): Promise<Payload> => {
      const { services, principal } = context
      const key = { account: principal.account, channel: channelIdArgument(channelId) }
      if ((reason?.length ?? 0) > inputBounds.reason) {
        throw badInput([{ path: ['reason'], message: `takes at most ${inputBounds.reason} characters` }])
      }
      const run = await services.cancelDispatch(key, reason ?? null)
      if (run === null) throw new Failure('NOT_FOUND', 'There is no dispatch by that id.')
      return { dispatch: await dispatchAfter(context, runSnapshot(run), info) }
    },
  }),
)
