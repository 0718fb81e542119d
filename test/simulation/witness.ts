import { isEnded } from '../../src/conversation/run-status.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import type { Entry } from '../faults/judge-log.ts'
import type { Steps } from './steps.ts'
import type { SimulatedStore } from './store.ts'
import type { SimulatedProcess } from './virtual-time.ts'

/** What a judge must know of a conversation and cannot read in the end: who stood where, and what dispatches said that were removed. */
export interface Witness {
  /** The store, as all processes use it. */
  readonly store: SimulatedStore
  /** When the place with this ticket was taken; null: never. */
  joinedAt(ticket: string): number | null
  /** Of the conversation as it is: one that was removed and comes to be again begins anew. */
  readonly removed: ReadonlyMap<string, Removed>
  /** Dispatches whose words somebody has written late, when they had no place in their line any more, who has died since. */
  late(): readonly string[]
  /** It is not the first of its channel: an earlier one was removed. */
  isAnother(run: Run): boolean
}

export interface Removed {
  readonly ticket: string | null
  readonly log: readonly Entry[]
}

/** Stands beside the store, and not in its processes: it sees what is carried out, whoever hears of it. */
export function createWitness(store: SimulatedStore, steps: Pick<Steps, 'latest'>): Witness {
  const places = new Map<string, number>()
  const removed = new Map<string, Removed>()
  const former = new Map<string, string>()
  const late: { readonly origin: string; readonly by: SimulatedProcess | undefined }[] = []
  const lines = overriding(store.lines, {
    async join(key, input) {
      const reply = await store.lines.join(key, input)
      if (reply.outcome === 'joined') places.set(reply.ticket, reply.joinedAt)
      return reply
    },
    async remove(key) {
      const [line] = await store.lines.find([key])
      // Before: the process may die of it.
      if (line?.isClosed) removed.clear()
      await store.lines.remove(key)
    },
  })
  const runs = overriding(store.runs, {
    async remove(key: ChannelKey, createdAt?: number) {
      const [run] = await store.runs.find([key])
      if (run != null && isEnded(run.status) && (createdAt ?? run.createdAt) === run.createdAt) {
        former.set(key.channel, run.position.epoch)
        removed.set(key.channel, { ticket: run.turn?.ticket ?? null, log: await store.entries(key) })
      }
      return store.runs.remove(key, createdAt)
    },
  })
  const transcripts = overriding(store.transcripts, {
    async extend(key, before, said) {
      const by = steps.latest?.process
      const [line] = await store.lines.find([key])
      if (!line?.places.some(({ channel }) => channel === said.origin)) late.push({ origin: said.origin, by })
      return store.transcripts.extend(key, before, said)
    },
  })
  return {
    store: { ...store, lines, runs, transcripts },
    late: () => late.flatMap(({ origin, by }) => (by?.isDead ? [origin] : [])),
    joinedAt: (ticket) => places.get(ticket) ?? null,
    removed,
    isAnother: ({ key: { channel }, position }) => (former.get(channel) ?? position.epoch) !== position.epoch,
  }
}

/** The port with some of its methods replaced; the others are those that it has at the moment. */
function overriding<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, { get: (target, name) => Reflect.get(methods, name) ?? Reflect.get(target, name) })
}
