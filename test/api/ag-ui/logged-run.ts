import type { Facade } from '../../../src/api/facade/facade.ts'
import type { Services } from '../../../src/api/services.ts'
import type { LogEntry } from '../../../src/channel/channel.ts'
import type { Batch } from '../../../src/channel/follow.ts'
import { joinDeltas } from '../../../src/channel/join-deltas.ts'
import { isDelta, isEnding } from '../../../src/conversation/event-traits.ts'
import { endedStatus } from '../../../src/conversation/run-status.ts'
import { noUsage } from '../../../src/conversation/usage.ts'
import type { Run } from '../../../src/dispatch/run.ts'
import type { ChannelId } from '../../../src/kernel/ids.ts'
import { localAccount } from '../../../src/kernel/ids.ts'

const epoch = 'epochOfThisTest'
const key = { account: localAccount, channel: 'channel-of-this-test' as ChannelId }

/** A run whose log is known: what it was at a moment, and how it went on from there. */
export interface LoggedRun {
  readonly facade: Facade
  readonly run: Run
}

export interface Moment {
  /** How many entries the log has when the reader comes. */
  readonly now: number
  /** How many the reader sees before its stream breaks off. */
  readonly until: number
  /** How many entries the next batch has. */
  readonly batch: () => number
}

export function loggedRun(log: readonly LogEntry[], { now, until, batch }: Moment): LoggedRun {
  const known = log.slice(0, now)
  /** A stream that reads facts later sees what is there by then. */
  let seen = now
  const services = {
    runs: { facts: async () => log.slice(0, seen).filter(({ event }) => !isDelta(event)) },
    lines: { find: async () => [null] },
    log: { heads: async () => [{ epoch, last: known.at(-1)?.offset ?? 0, lastTag: '', isClosed: false }] },
    follower: {
      follow(_key: unknown, start: { readonly after?: { readonly offset: number } }) {
        const after = start.after?.offset ?? 0
        return batches(log.slice(0, until).filter(({ offset }) => offset > after))
      },
    },
  }
  async function* batches(entries: readonly LogEntry[]): AsyncGenerator<Batch, void> {
    for (let rest = entries; rest.length > 0; ) {
      const some = rest.slice(0, batch())
      rest = rest.slice(some.length)
      const last = some.at(-1)
      if (last === undefined) return
      seen = Math.max(seen, log.indexOf(last) + 1)
      yield { entries: joinDeltas(some), position: { epoch, offset: last.offset, tag: last.tag } }
    }
  }
  const facade = {
    services: services as unknown as Services,
    whenExpired: () => () => {},
    takeStream: () => () => {},
    turn: () => undefined,
  } as unknown as Facade
  const ending = known.map(({ event }) => event).find(isEnding)
  const hasTurn = log.some(({ event }) => event.type === 'transcript-taken')
  const isHeld = hasTurn && !known.some(({ event }) => event.type === 'transcript-taken')
  const run = {
    key,
    status: ending === undefined ? 'running' : endedStatus[ending.type],
    turn: hasTurn ? { conversation: 'conversation-of-this-test', ticket: '', isHeld } : null,
    model: 'demo:demo',
    result: null,
    error: null,
    usage: noUsage,
    position: { epoch, offset: known.at(-1)?.offset ?? 0, tag: '' },
  } as unknown as Run
  return { facade, run }
}
