import type { Snapshot } from '../../../dispatch/snapshot.ts'
import { watchSnapshots } from '../../../dispatch/watch-snapshots.ts'
import { valueCost } from '../../loop-costs.ts'
import { inTurn } from '../../paced-follower.ts'
import { builder } from '../builder.ts'
import { resolveStreamed, streamed } from '../channel/event-stream.ts'
import { boundedArgument, channelIdArgument } from '../failure.ts'
import { Dispatch } from './dispatch.ts'

const interval = [0, 60_000] as const

builder.subscriptionField('dispatchUpdates', (t) =>
  t.field({
    type: Dispatch,
    description: `Snapshots of one dispatch, unfinished messages included: first as it is now, then again after each change, at most
once per interval. A slow reader gets the newest state, not every state. Completes once the dispatch has ended. Needs no
cursor and no reducer. You can subscribe before the dispatch exists. CURSOR_EXPIRED when the store has lost the log of a
running dispatch; LIMIT_EXCEEDED when too many subscriptions are open.`,
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel id of the dispatch.' }),
      intervalMs: t.arg.int({
        defaultValue: 100,
        description: 'The minimum time between two updates, 0 to 60,000 milliseconds.',
      }),
    },
    subscribe: (_root, { channelId, intervalMs }, { services, principal, loopTurns }) => {
      const key = { account: principal.account, channel: channelIdArgument(channelId) }
      const source = watchSnapshots(services, key, boundedArgument(intervalMs ?? 100, 'intervalMs', interval))
      const turn = (snapshot: Snapshot) => loopTurns.pass(principal.account, valueCost(snapshot.messages))
      return streamed(inTurn(source, turn), (snapshot) => [snapshot])
    },
    resolve: (value) => resolveStreamed(value),
  }),
)
