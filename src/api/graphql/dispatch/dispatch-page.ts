import type { GraphQLResolveInfo } from 'graphql'
import type { DispatchIndex, GonePlace, IndexPlace } from '../../../dispatch/dispatch-index.ts'
import type { Run } from '../../../dispatch/run.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { type AccountId, type ChannelKey, type ConversationKey, parseChannelId } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import { connectionType, decodePlace, encodePlace, type Page, pageSize } from '../connection.ts'
import type { Context } from '../context.ts'
import type { PageArguments } from '../resource/resource.ts'
import { Dispatch, loadDispatches, readsLog } from './dispatch.ts'

export const DispatchConnection = connectionType(Dispatch, 'Dispatch')

export interface DispatchPageOptions {
  /** The account, or the conversation, whose dispatches they are. */
  readonly of: AccountId | ConversationKey
  readonly range: PageArguments
  readonly isWanted: (run: Run) => boolean
}

/** A page of the dispatches that `isWanted` accepts, newest first. */
export async function dispatchPage(
  context: Context,
  { of, range, isWanted }: DispatchPageOptions,
  info: GraphQLResolveInfo,
): Promise<Page<Snapshot>> {
  const size = pageSize(range.first)
  const start = range.after == null ? null : decodePlace(range.after, parsePlace)
  // One more than requested, which tells whether there is a next page.
  const found = await scan(context.services, of, { start, isWanted, size: size + 1 })
  const page = found.slice(0, size)
  const keys = page.map(({ run }) => run.key)
  const nodes = readsLog(info) ? await loadDispatches(context, keys) : page.map(({ run }) => runSnapshot(run))
  const places = new Map(page.map(({ place }) => [place.channel, place]))
  return {
    edges: nodes.map((node) => ({ cursor: cursorOf(places.get(node.key.channel)), node })),
    hasNextPage: found.length > size,
    hasPreviousPage: range.after != null,
  }
}

interface Found {
  readonly place: IndexPlace
  readonly run: Run
}

interface ScanOptions {
  readonly start: IndexPlace | null
  readonly isWanted: (run: Run) => boolean
  readonly size: number
}

/** Reads the index in stretches until enough runs match. Removes index entries whose runs are gone. */
async function scan(services: Services, of: DispatchPageOptions['of'], { start, isWanted, size }: ScanOptions) {
  const { runs } = services
  const account = typeof of === 'string' ? of : of.account
  const list = typeof of === 'string' ? listOf(services.index, of) : listOf(services.members, of)
  const stretch = Math.max(size, 100)
  const found: Found[] = []
  for (let before = start; found.length < size; ) {
    const places = await list.page(before, stretch)
    const keys: readonly ChannelKey[] = places.map(({ channel }) => ({ account, channel }))
    const known = await runs.find(keys)
    const gone: IndexPlace[] = []
    for (const [i, place] of places.entries()) {
      const run = known[i]
      if (run == null) gone.push(place)
      else if (isWanted(run)) found.push({ place, run })
    }
    await list.remove(gone)
    if (places.length < stretch) break
    before = places.at(-1) ?? null
  }
  return found.slice(0, size)
}

function listOf<Of>(index: DispatchIndex<Of>, of: Of) {
  return {
    page: (before: IndexPlace | null, limit: number) => index.page(of, before, limit),
    remove: (places: readonly GonePlace[]) => index.remove(of, places),
  }
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
