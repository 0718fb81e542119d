import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { LogEntry } from '../../../channel/channel.ts'
import type { EventType } from '../../../conversation/event.ts'
import { isDeltaType } from '../../../conversation/event-traits.ts'
import { unavailable } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { entryOf, type LogRow } from '../channel/packed-log.ts'
import { createReadPacked } from '../channel/packed-reads.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { channelKeys } from '../keys.ts'

/** Included before the scripts that read facts. */
export const factsPageLua = readFileSync(new URL('./facts-page.lua', import.meta.url), 'utf8')
const factsLua = readFileSync(new URL('./facts.lua', import.meta.url), 'utf8')

/** How many bytes of facts come at once; the fact that reaches them is still there. */
export const factsPageBytes = 1_000_000

export interface FactsPage {
  /** Entries of a stream, as Redis gives them. */
  readonly entries: readonly (readonly [id: string, fields: readonly string[]])[]
  readonly isLast: boolean
}

/** All facts of a channel, oldest first. `begun`: the first page, where it has been read. */
export type ReadFacts = (key: ChannelKey, begun?: FactsPage) => Promise<readonly LogEntry[]>

/** A store that loses its last writes while they are read may have others in their place: then they are read anew. */
const mostAttempts = 5

export function createFactsReader(redis: Redis): ReadFacts {
  const readPacked = createReadPacked(redis)
  const read = defineScript(redis, 'backchannel-facts', `${factsPageLua}\n${factsLua}`)

  const pageAfter = async (key: ChannelKey, last: LogEntry | undefined): Promise<FactsPage | 'packed' | null> => {
    const place = [last?.offset ?? 0, last?.tag ?? '']
    const { facts, packed } = channelKeys(key)
    const reply = await read([facts, packed], [...place, factsPageBytes]).catch(rethrowRedis)
    const [outcome, entries, isLast] = reply as ['page' | 'changed' | 'packed', FactsPage['entries'], number]
    if (outcome === 'packed') return outcome
    return outcome === 'changed' ? null : { entries, isLast: isLast === 1 }
  }
  /** Null: what has been read is not there any more. */
  const readOn = async (key: ChannelKey, begun: FactsPage | null): Promise<readonly LogEntry[] | null> => {
    const facts: LogEntry[] = []
    let page: FactsPage | 'packed' | null = begun ?? (await pageAfter(key, undefined))
    while (page !== null) {
      if (page === 'packed') return (await readPacked(key))?.rows.filter(isFact).map(entryOf) ?? null
      facts.push(...page.entries.map(decodeStreamEntry))
      if (page.isLast) return facts
      page = await pageAfter(key, facts.at(-1))
    }
    return null
  }
  return async (key, begun) => {
    let facts = await readOn(key, begun ?? null)
    for (let attempt = 1; facts === null && attempt < mostAttempts; attempt++) facts = await readOn(key, null)
    if (facts === null) throw unavailable('The store changes while it is read.')
    return facts
  }
}

function decodeStreamEntry([id, fields]: FactsPage['entries'][number]): LogEntry {
  const [, kind = '', , payload = '', , tag = '', , at] = fields
  return entryOf({ offset: Number.parseInt(id, 10), tag, at: Number(at), kind: kind as EventType, payload })
}

const isFact = ({ kind }: LogRow) => !isDeltaType(kind)
