import { ReachedLimit } from '../dispatch/limits.ts'
import { Usage } from '../dispatch/usage.ts'
import { ChannelEvent, eventRef } from './channel-event.ts'

eventRef('dispatch-paused').implement({
  interfaces: [ChannelEvent],
  description:
    'A limit is used up, and the run is WAITING, holding no worker, until its limits are raised (`raiseDispatchLimits`) or it is cancelled; after 30 days it completes with what it has, as with END. Only with `whenReached: PAUSE`.',
  fields: (t) => ({
    reachedLimit: t.field({
      type: ReachedLimit,
      description: 'The limit, and what has been used of it.',
      resolve: ({ event }) => event.reachedLimit,
    }),
    usage: t.field({
      type: Usage,
      description: 'What the whole run has used until then.',
      resolve: ({ event }) => event.usage,
    }),
  }),
})

eventRef('limits-raised').implement({
  interfaces: [ChannelEvent],
  description:
    'Limits of the run were set anew. A paused run goes on, with DispatchStarted, if what it waits for is now allowed; otherwise it stays paused, and `dispatch` shows by what.',
})
