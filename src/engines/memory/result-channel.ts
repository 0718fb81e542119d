import { encodeEvent } from '../../channel/entry-codec.ts'
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

interface MemoryResultChannel {
  /** Names of the waiters. The one that has waited longest comes first. */
  readonly waiters: string[]
  /** Encoded messages, by the name of the waiter that each is assigned to. */
  readonly assigned: Map<string, string>
  early: { readonly at: number; readonly message: string }[]
}

export interface MemoryResultChannelOptions extends ResultChannelLimits {
  readonly channels: MemoryChannels
  readonly clock: () => number
}

/** The same commands as the scripts of Redis. Each is atomic, because nothing in it awaits. */
export function createMemoryResultChannels(options: MemoryResultChannelOptions): ResultChannels {
  const { channels, clock, earlyMs } = options
  /** When each channel last got a message. The oldest comes first. */
  const touched = new Map<string, { readonly key: ChannelKey; readonly at: number }>()
  const byName = new Map<string, MemoryResultChannel>()

  const open = (key: ChannelKey): MemoryResultChannel => {
    const name = nameOf(key)
    const known = byName.get(name) ?? { waiters: [], assigned: new Map<string, string>(), early: [] }
    byName.set(name, known)
    return known
  }
  const tidy = (key: ChannelKey, { waiters, assigned, early }: MemoryResultChannel) => {
    if (waiters.length + assigned.size + early.length === 0) byName.delete(nameOf(key))
  }
  /** Removes old logs of channels that have no run. Redis does so by expiry. */
  const expire = () => {
    for (const [name, { key, at }] of touched) {
      if (clock() - at < options.logSeconds * 1000) break
      touched.delete(name)
      const hasRun = channels.facts(key).some(({ event }) => event.type === 'dispatch-queued')
      if (!hasRun) channels.forget(key)
    }
  }
  /** Undoes an assignment, if it still holds the same message, and returns that message. */
  const take = ({ assigned }: MemoryResultChannel, assignment: Assignment): string | undefined => {
    const name = waiterName(assignment.waiter)
    const message = assigned.get(name)
    if (message === undefined || parsePublished(message).tag !== assignment.tag) return undefined
    assigned.delete(name)
    return message
  }
  const recent = ({ at }: { readonly at: number }) => clock() - at <= earlyMs

  return {
    async publish(key, { message, tag, epoch }) {
      const head = channels.head(key)
      if (head?.isClosed) return { outcome: 'ended' }
      if (head !== null && (head.last >= options.maxEntries || channels.bytes(key) >= options.maxBytes)) {
        return { outcome: 'full' }
      }
      channels.append(key, {
        tag,
        epoch,
        events: [encodeEvent({ type: 'channel-message-published', payload: message })],
      })
      expire()
      touched.delete(nameOf(key))
      touched.set(nameOf(key), { key, at: clock() })
      const channel = open(key)
      const kept = encodePublished({ tag, message })
      const next = channel.waiters.shift()
      if (next === undefined) {
        channel.early = [...channel.early.filter(recent), { at: clock(), message: kept }].slice(-keptMessages)
        return { outcome: 'published', assignment: null }
      }
      channel.assigned.set(next, kept)
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
        return null
      }
      channel.assigned.set(name, first.message)
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
