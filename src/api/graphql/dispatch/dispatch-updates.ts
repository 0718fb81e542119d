import { watchSnapshots } from '../../../dispatch/watch-snapshots.ts'
import { builder } from '../builder.ts'
import { resolveStreamed, streamed } from '../channel/event-stream.ts'
import { boundedArgument, channelIdArgument } from '../failure.ts'
import { Dispatch } from './dispatch.ts'

const interval = [0, 60_000] as const

builder.subscriptionField('dispatchUpdates', (t) =>
  t.field({
    type: Dispatch,
    description: `The dispatch as it stands, half-said text included, and again whenever it has changed, at most once per interval;
a slow reader sees the newest state, not every state. Completes after the ending. Needs no cursor and no reducer.
A channel that no one has dispatched to yet may be watched ahead.`,
    args: {
      channelId: t.arg.id({ required: true, description: "The dispatch's channel." }),
      intervalMs: t.arg.int({
        defaultValue: 100,
        description: 'The least time between two updates, in milliseconds, 0 to 60,000.',
      }),
    },
    subscribe: (_root, { channelId, intervalMs }, { services, principal }) => {
      const key = { account: principal.account, channel: channelIdArgument(channelId) }
      const source = watchSnapshots(services, key, boundedArgument(intervalMs ?? 100, 'intervalMs', interval))
      return streamed(source, (snapshot) => [snapshot])
    },
    resolve: (value) => resolveStreamed(value),
  }),
)
