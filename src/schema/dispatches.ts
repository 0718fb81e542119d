import type { IndexPlace } from '../dispatch/dispatch-index.ts'
import type { RunRecord, RunStatus } from '../dispatch/run-record.ts'
import { recordSnapshot, type Snapshot } from '../dispatch/snapshot.ts'
import { type AccountId, type ChannelId, type ChannelKey, parseChannelId } from '../ids.ts'
import { builder } from './builder.ts'
import { connectionType, decodePlace, encodePlace, type Page, pageSize } from './connection.ts'
import type { Services } from './context.ts'
import { Dispatch, DispatchStatus, loadDispatches } from './dispatch.ts'
import { selects } from './selects.ts'

const DispatchConnection = connectionType(Dispatch, 'Dispatch')

builder.queryField('dispatches', (t) =>
  t.field({
    type: DispatchConnection,
    description: "The account's dispatches, newest first.",
    complexity: ({ first }) => ({ field: 1, multiplier: Math.min(first ?? 20, 100) }),
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 100. Default 20.' }),
      after: t.arg.string({ description: "Go on behind this edge's cursor." }),
      statuses: t.arg({ type: [DispatchStatus], description: 'Only those that stand so. Default: all.' }),
    },
    resolve: async (_root, { first, after, statuses }, { services, principal }, info): Promise<Page<Snapshot>> => {
      const size = pageSize(first)
      const start = after == null ? null : decodePlace(after, parsePlace)
      const wanted = statuses == null ? null : new Set(statuses)
      // One more than asked for, to tell whether there is a next page.
      const found = await scan(services, principal.account, { start, wanted, size: size + 1 })
      const page = found.slice(0, size)
      const nodes = selects(info, 'messages')
        ? await loadDispatches(
            services,
            page.map(({ record }) => record.key),
            true,
          )
        : page.map(({ record }) => recordSnapshot(record))
      const places = new Map(page.map(({ place }) => [place.channel, place]))
      return {
        edges: nodes.map((node) => ({ cursor: cursorOf(places.get(node.key.channel)), node })),
        hasNextPage: found.length > size,
        hasPreviousPage: after != null,
      }
    },
  }),
)

interface Found {
  readonly place: IndexPlace
  readonly record: RunRecord
}

interface ScanOptions {
  readonly start: IndexPlace | null
  readonly wanted: ReadonlySet<RunStatus> | null
  readonly size: number
}

/** Reads the index in stretches until there are enough records that match; drops places whose records are gone. */
async function scan({ index, runs }: Services, account: AccountId, { start, wanted, size }: ScanOptions) {
  const stretch = Math.max(size, 100)
  const found: Found[] = []
  for (let before = start; found.length < size; ) {
    const places = await index.page(account, before, stretch)
    const keys: readonly ChannelKey[] = places.map(({ channel }) => ({ account, channel }))
    const records = await runs.find(keys)
    const gone: ChannelId[] = []
    for (const [i, place] of places.entries()) {
      const record = records[i]
      if (record == null) gone.push(place.channel)
      else if (wanted === null || wanted.has(record.status)) found.push({ place, record })
    }
    await index.remove(account, gone)
    if (places.length < stretch) break
    before = places.at(-1) ?? null
  }
  return found.slice(0, size)
}

function cursorOf(place: IndexPlace | undefined): string {
  return place === undefined ? '' : encodePlace([place.createdAt, place.channel])
}

function parsePlace(value: unknown): IndexPlace | null {
  if (!Array.isArray(value)) return null
  const [createdAt, id]: unknown[] = value
  const channel = typeof id === 'string' ? parseChannelId(id) : null
  return typeof createdAt === 'number' && channel !== null ? { createdAt, channel } : null
}
