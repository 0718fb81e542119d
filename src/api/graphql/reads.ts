import { Failure } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { weightOf } from '../../kernel/weight.ts'
import type { Collection } from '../../store/collection.ts'
import type { RecordRange } from '../../store/datasets.ts'
import type { ResourceKind } from '../../store/resource.ts'
import type { Services } from '../services.ts'

/**
 * What one query or mutation may load from the store, by `weightOf`, and how many reads it may have at once. The read that
 * reaches it is still answered, so a dispatch of any size can be read by itself.
 */
const readBudget = { weight: 32_000_000, atOnce: 4 } as const

export type OperationKind = 'query' | 'mutation' | 'subscription'

/** The reads of one operation: aliases and fragments ask for the same thing many times. */
export interface Reads {
  /**
   * Call it once, before execution. A query reads everything once, so all of it shows one moment; a mutation reads again
   * after each change; a subscription lives too long for either memory or budget.
   */
  begin(kind: OperationKind): void
  /** Makes it once for each name. */
  once<Value>(name: string, make: () => Promise<Value>): Promise<Value>
  /** As `once`, for a read of the store, which counts. LIMIT_EXCEEDED when the operation has read too much. */
  load<Value>(name: string, read: () => Promise<Value>): Promise<Value>
}

export function createReads(): Reads {
  let kind: OperationKind = 'mutation'
  let weight = 0
  let running = 0
  const waiting: (() => void)[] = []
  const known = new Map<string, Promise<unknown>>()

  const once = <Value>(name: string, make: () => Promise<Value>): Promise<Value> => {
    if (kind !== 'query') return make()
    const made = (known.get(name) as Promise<Value> | undefined) ?? make()
    known.set(name, made)
    return made
  }
  const counted = async <Value>(read: () => Promise<Value>): Promise<Value> => {
    if (running < readBudget.atOnce) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      if (weight >= readBudget.weight) throw tooMuch()
      const value = await read()
      weight += weightOf(value, readBudget.weight)
      return value
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  return {
    begin(operation) {
      kind = operation
    },
    once,
    load: (name, read) => (kind === 'subscription' ? read() : once(name, () => counted(read))),
  }
}

function tooMuch(): Failure {
  return new Failure('LIMIT_EXCEEDED', 'This operation reads too much at once. Ask for less, or in several requests.')
}

/** The services of one operation, whose reads go through `reads`. */
export function readThrough(services: Services, reads: Reads): Services {
  const { runs, log, lines, transcripts } = services
  const name = (...parts: readonly unknown[]) => JSON.stringify(parts)
  const collection = <Kind extends ResourceKind, C extends Collection<Kind>>(kind: Kind, from: C): C => ({
    ...from,
    find: (account, id) => reads.load(name(kind, id), () => from.find(account, id)),
    page: (account, before, limit) => reads.load(name(kind, before, limit), () => from.page(account, before, limit)),
  })
  return {
    ...services,
    runs: {
      ...runs,
      find: (keys) => reads.load(name('runs', keys), () => runs.find(keys)),
      facts: (key) => reads.load(name('facts', key), () => runs.facts(key)),
    },
    lines: { find: (keys) => reads.load(name('lines', keys), () => lines.find(keys)) },
    transcripts: {
      read: (account, place) => reads.load(name('transcript', place), () => transcripts.read(account, place)),
    },
    log: {
      ...log,
      read: (key, from, limits) => reads.load(name('log', key, from, limits), () => log.read(key, from, limits)),
    },
    get resources() {
      const { bots, contacts, datasets, skillsets, secrets } = services.resources
      const { records } = datasets
      return {
        bots: collection('bot', bots),
        contacts: collection('contact', contacts),
        skillsets: collection('skillset', skillsets),
        secrets: collection('secret', secrets),
        datasets: {
          ...collection('dataset', datasets),
          records: {
            ...records,
            page: (account: AccountId, dataset: string, range: RecordRange) =>
              reads.load(name('records', dataset, range), () => records.page(account, dataset, range)),
          },
        },
      }
    },
  }
}
