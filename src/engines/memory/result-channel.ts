import { encodeEvent } from '../../channel/entry-codec.ts'
import { accountIsFull } from '../../dispatch/limits/stored-bytes.ts'
import {
  type Assignment,
  encodePublished,
  keptMessages,
  parsePublished,
  parseWaiter,
  type ResultChannelLimits,
  type ResultChannels,
  waiterName,
} from '../../dispatch/result-channel.ts'
import { type ChannelKey, nameOf } from '../../kernel/ids.ts'
import type { MemoryChannels } from './channel.ts'
import type { MemoryLedger } from './ledger.ts'

interface MemoryResultChannel {
  /** Names of the waiters. The one that has waited longest comes first. */
  readonly waiters: string[]
  /** Encoded messages, by the name of the waiter that each is assigned to. */
  readonly assigned: Map<string, string>
  early: { readonly at: number; readonly message: string }[]
}

export interface MemoryResultChannelOptions extends ResultChannelLimits {
  readonly channels: MemoryChannels
  readonly ledger: MemoryLedger
  readonly clock: () => number
}

/** The same commands as the scripts of Redis. Each is atomic, because nothing in it awaits. */
export function createMemoryResultChannels(options: MemoryResultChannelOptions): ResultChannels {
  const { channels, ledger, clock, earlyMs } = options
  /** When each channel last got a message. The oldest comes first. */
  const touched = new Map<string, { readonly key: ChannelKey; readonly at: number }>()
  const byName = new Map<string, MemoryResultChannel>()

  const open = (key: ChannelKey): MemoryResultChannel => {
    const name = nameOf(key)
    const known = byName.get(name) ?? { waiters: [], assigned: new Map<string, string>(), early: [] }
    byName.set(name, known)
    return known
  }
  const recent = ({ at }: { readonly at: number }) => clock() - at <= earlyMs
  /** After each change: counts the messages that are kept, and forgets a channel that keeps nothing. */
  const tidy = (key: ChannelKey, { waiters, assigned, early }: MemoryResultChannel) => {
    const kept = [...assigned.values(), ...early.map(({ message }) => message)]
    const bytes = kept.reduce((sum, { length }) => sum + length, 0)
    ledger.hold(key.account, `messages ${nameOf(key)}`, bytes)
    if (waiters.length + kept.length === 0) byName.delete(nameOf(key))
  }
  /** Removes old logs of channels that have no run. Redis does so by expiry. */
  const expire = () => {
    for (const [name, { key, at }] of touched) {
      if (clock() - at < options.logSeconds * 1000) break
      touched.delete(name)
      const hasRun = channels.facts(key).some(({ event }) => event.type === 'dispatch-queued')
      if (!hasRun) channels.forget(key)
      const channel = open(key)
      channel.early = channel.early.filter(recent)
      tidy(key, channel)
    }
  }
  ledger.spareBy((account) => {
    const before = ledger.held(account)
    expire()
    return ledger.held(account) < before
  })
  /** Undoes an assignment, if it still holds the same message, and returns that message. */
  const take = ({ assigned }: MemoryResultChannel, assignment: Assignment): string | undefined => {
    const name = waiterName(assignment.waiter)
    const message = assigned.get(name)
    if (message === undefined || parsePublished(message).tag !== assignment.tag) return undefined
    assigned.delete(name)
    return message
  }

  return {
    async publish(key, { message, tag, epoch }) {
      const head = channels.head(key)
      if (head?.isClosed) return { outcome: 'ended' }
      const event = encodeEvent({ type: 'channel-message-published', payload: message })
      const { published } = channels.sizes(key)
      const bytes = published.bytes + event.payload.length
      if (published.entries >= options.maxEntries || bytes > options.maxBytes) return { outcome: 'full' }
      if (ledger.isFull(key.account, event.payload.length)) throw accountIsFull()
      channels.append(key, { tag, epoch, events: [event] })
      expire()
      touched.delete(nameOf(key))
      touched.set(nameOf(key), { key, at: clock() })
      const channel = open(key)
      const kept = encodePublished({ tag, message })
      const next = channel.waiters.shift()
      if (next === undefined) {
        channel.early = [...channel.early.filter(recent), { at: clock(), message: kept }].slice(-keptMessages)
        tidy(key, channel)
        return { outcome: 'published', assignment: null }
      }
      channel.assigned.set(next, kept)
      tidy(key, channel)
      return { outcome: 'published', assignment: { waiter: parseWaiter(next), message, tag } }
    },

    async wait(key, waiter) {
      const channel = open(key)
      const name = waiterName(waiter)
      const assigned = channel.assigned.get(name)
      if (assigned !== undefined) return parsePublished(assigned)
      if (channel.waiters.includes(name)) return null
      channel.early = channel.early.filter(recent)
      const first = channel.early.shift()
      if (first === undefined) {
        channel.waiters.push(name)
        tidy(key, channel)
        return null
      }
      channel.assigned.set(name, first.message)
      tidy(key, channel)
      return parsePublished(first.message)
    },

    async undelivered(key) {
      const assigned = byName.get(nameOf(key))?.assigned ?? new Map<string, string>()
      return [...assigned].map(([name, message]) => ({ waiter: parseWaiter(name), ...parsePublished(message) }))
    },

    async delivered(key, assignment) {
      const channel = open(key)
      take(channel, assignment)
      tidy(key, channel)
    },

    async reassign(key, assignment) {
      const channel = open(key)
      const message = take(channel, assignment)
      if (message === undefined) return null
      const next = channel.waiters.shift()
      if (next === undefined) {
        channel.early.unshift({ at: clock(), message })
        return null
      }
      channel.assigned.set(next, message)
      return { waiter: parseWaiter(next), ...parsePublished(message) }
    },
  }
}
