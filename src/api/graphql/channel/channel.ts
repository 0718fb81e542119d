import { visibleEntries } from '../../../access/permission.ts'
import { type Batch, pageLimits } from '../../../channel/follow.ts'
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
    description: `Every event of a channel, in order and once per subscription: first the stored events, then new ones as they happen,
with no gap and no repeat in between. Without arguments it starts at the beginning of the log; \`after\` starts it after
that cursor; \`last\` starts it with the newest entries. \`after\` and \`last\` exclude each other. Applying the same events
again changes nothing (see TextDelta). Completes after the event that ends the dispatch. You can subscribe before anyone
has dispatched to the channel. CURSOR_EXPIRED when the log does not continue from \`after\`: read \`dispatch\` again, or
start from the beginning. Also when the log has been removed, even without \`after\`; then only \`dispatch\` has an answer. LIMIT_EXCEEDED when too many subscriptions are open. New event types may be added: ignore types
that you do not know.`,
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel to follow.' }),
      after: t.arg({
        type: 'Cursor',
        description:
          'Start right after this cursor, which must come from the same channel. Default: the beginning of the log.',
      }),
      last: t.arg.int({
        description:
          'Start with this many of the newest log entries, 0 to 100,000. 0 starts with new events only. Default: all entries.',
      }),
    },
    subscribe: (_root, args, { services, principal, sendDirectly }) => {
      const channel = channelIdArgument(args.channelId)
      const items = ({ entries, position }: Batch) =>
        visibleEntries(principal, entries).map((entry) => toItem(channel, position.epoch, entry))
      const takeAtOnce =
        sendDirectly && ((batch: Batch) => sendDirectly(batch, () => items(batch).map((item) => ({ item }))))
      return streamed(
        services.follower.follow({ account: principal.account, channel }, startOf(args), takeAtOnce),
        items,
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
  description: 'One page of the log of a channel.',
  fields: (t) => ({
    events: t.field({
      type: [ChannelEvent],
      description: 'The events, in order. Adjacent deltas of a message are joined.',
      resolve: ({ items }) => [...items],
    }),
    endCursor: t.field({
      type: 'Cursor',
      nullable: true,
      description:
        'The cursor to pass as `after` to read the next page. Equals `after` when the page is empty; null when the channel has no log yet.',
      resolve: ({ end }) => end,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'True when the log already holds more after `endCursor`.' }),
  }),
})

builder.queryField('channelHistory', (t) =>
  t.field({
    type: ChannelHistory,
    description:
      'One page of the log of a channel, for clients that poll. Empty for a channel that has no log yet. CURSOR_EXPIRED when the log does not continue from `after`, or when the log has been removed, even without `after`; then only `dispatch` has an answer.',
    complexity: ({ first }) => ({ field: 1, multiplier: Math.min(first ?? 100, historyPage[1]) }),
    args: {
      channelId: t.arg.id({ required: true, description: 'The channel to read.' }),
      after: t.arg({
        type: 'Cursor',
        description:
          'Start right after this cursor, which must come from the same channel. Default: the beginning of the log.',
      }),
      first: t.arg.int({
        description: 'How many log entries to read, 1 to 1000, counted before deltas are joined. Default: 100.',
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
