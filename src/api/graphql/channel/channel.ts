import { visibleEntries } from '../../../access/permission.ts'
import { pageLimits } from '../../../channel/follow.ts'
import type { Position } from '../../../channel/position.ts'
import { badInput } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { boundedArgument, channelIdArgument } from '../failure.ts'
import { ChannelEvent, type ChannelItem, toItem } from './channel-event.ts'
import { resolveStreamed, streamed } from './event-stream.ts'

const newestEntries = [0, 100_000] as const
const historyPage = [1, 1000] as const

builder.subscriptionField('channelEvents', (t) =>
  t.field({
    type: ChannelEvent,
    description: `Every event of a channel, in order, once per subscription: first what is stored behind \`after\` (the whole log when
neither argument is given; the newest \`last\` log entries with that, \`last: 0\` for live only; not both), then
what follows, with no gap and no repeat at the seam. Applying a replay again changes nothing (see TextDelta).
Completes after the event that ends the dispatch. A channel that no one has dispatched to yet may be watched ahead.
CURSOR_EXPIRED when the log does not go on from \`after\`. New kinds of event will come: ignore those you do not know.`,
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel to follow.' }),
      after: t.arg({ type: 'Cursor', description: 'Go on behind this cursor of the same channel.' }),
      last: t.arg.int({ description: 'Begin with so many of the newest log entries, 0 to 100,000.' }),
    },
    subscribe: (_root, args, { services, principal }) => {
      const channel = channelIdArgument(args.channelId)
      const source = services.follower.follow({ account: principal.account, channel }, startOf(args))
      return streamed(source, ({ entries, position }) =>
        visibleEntries(principal, entries).map((entry) => toItem(channel, position.epoch, entry)),
      )
    },
    resolve: (value) => resolveStreamed(value),
  }),
)

function startOf({ after, last }: { after?: Position | null | undefined; last?: number | null | undefined }) {
  if (after != null && last != null) {
    throw badInput([{ path: ['last'], message: 'cannot be given together with `after`' }])
  }
  if (after != null) return { after }
  return last == null ? {} : { last: boundedArgument(last, 'last', newestEntries) }
}

interface History {
  readonly items: readonly ChannelItem[]
  readonly end: Position | null
  readonly hasMore: boolean
}

const ChannelHistory = builder.objectRef<History>('ChannelHistory').implement({
  description: "A page of a channel's log.",
  fields: (t) => ({
    events: t.field({
      type: [ChannelEvent],
      description: 'In order; adjacent deltas of a message joined.',
      resolve: ({ items }) => [...items],
    }),
    endCursor: t.field({
      type: 'Cursor',
      nullable: true,
      description:
        'Pass it as `after` for what follows; `after` itself when nothing did, null when there is no log yet.',
      resolve: ({ end }) => end,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether the log holds more behind `endCursor` already.' }),
  }),
})

builder.queryField('channelHistory', (t) =>
  t.field({
    type: ChannelHistory,
    description:
      "A page of a channel's log, for clients that poll. Empty for a channel that no one has dispatched to. CURSOR_EXPIRED when the log does not go on from `after`.",
    complexity: ({ first }) => ({ field: 1, multiplier: Math.min(first ?? 100, historyPage[1]) }),
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel to read.' }),
      after: t.arg({ type: 'Cursor', description: 'Read behind this cursor. Default: from the beginning.' }),
      first: t.arg.int({
        description: 'How many log entries to read at most, 1 to 1000, before deltas are joined. Default 100.',
      }),
    },
    resolve: async (_root, { channelId, after, first }, { services, principal }): Promise<History> => {
      const key: ChannelKey = { account: principal.account, channel: channelIdArgument(channelId) }
      const maxEntries = boundedArgument(first ?? 100, 'first', historyPage)
      const page = await services.log.read(key, after ?? null, { ...pageLimits, maxEntries })
      if (page === null) return { items: [], end: null, hasMore: false }
      const last = page.entries.at(-1)
      const end = last === undefined ? (after ?? null) : { epoch: page.epoch, offset: last.offset, tag: last.tag }
      return {
        items: visibleEntries(principal, page.entries).map((entry) => toItem(key.channel, page.epoch, entry)),
        end,
        hasMore: (end?.offset ?? 0) < page.last,
      }
    },
  }),
)
