import { parseRaisedLimits } from '../../../conversation/input/limits-input.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'
import { LimitsInput } from './limits.ts'

const RaiseDispatchLimitsInput = builder.inputType('RaiseDispatchLimitsInput', {
  description: 'The limits that a run has from now on.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'The channel id of the dispatch.' }),
    limits: t.field({
      type: LimitsInput,
      required: true,
      description:
        'The limits to set: at least one. A field left out, or null, stays as it is. Each is the total for the whole run, not what is added to it. `whenReached: END` lets a paused run complete with what it has.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
}

const RaiseDispatchLimitsPayload = builder.objectRef<Payload>('RaiseDispatchLimitsPayload').implement({
  description: 'The result of raiseDispatchLimits: the limits are in the log.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', {
      type: Dispatch,
      description: 'The dispatch as it is now: QUEUED if it was paused and goes on, WAITING if it stays paused.',
    }),
  }),
})

builder.mutationField('raiseDispatchLimits', (t) =>
  t.field({
    type: RaiseDispatchLimitsPayload,
    description:
      'Sets limits of a run that has not ended: queued, running, waiting or paused. One that a limit has paused goes on when the limit now allows more than was used, and stays paused otherwise. A running run looks at them before its next model call. Calling it twice sets the same limits twice, which changes nothing. NOT_FOUND when the account has no such dispatch. CONFLICT once the run has ended. BAD_USER_INPUT without any limit, and for `cost` where the price of the model is not known. LIMIT_EXCEEDED when the log of the run, or its account, has no room.',
    args: {
      input: t.arg({
        type: RaiseDispatchLimitsInput,
        required: true,
        description: 'The dispatch, and its new limits.',
      }),
    },
    resolve: async (_root, { input }, context, info): Promise<Payload> => {
      const { services, principal } = context
      const key = { account: principal.account, channel: channelIdArgument(input.channelId, ['input', 'channelId']) }
      const run = await services.raiseLimits(key, parseRaisedLimits(input.limits, ['input', 'limits']))
      return { dispatch: await dispatchAfter(context, runSnapshot(run), info) }
    },
  }),
)
