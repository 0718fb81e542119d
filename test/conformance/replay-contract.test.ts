import { beforeAll, describe, expect, test } from 'vitest'
import type { LogEntry } from '../../src/channel/channel.ts'
import { longestJoinedDelta } from '../../src/channel/join-deltas.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { isDelta } from '../../src/conversation/event-traits.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { createRandom } from '../faults/random.ts'
import { ids, newKey, newRun, startRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const pieces = ['word ', 'a "quote" \\ and a line\n', 'é🙂 ', '\u0000\u2028', 'x'.repeat(7000), 'long '.repeat(4000)]

/**
 * A log as workers, the clients of its channel and the loss of workers make them: messages of one or more kinds in a turn, which are
 * completed together, taken over or discarded, with publications before, between and in the middle of them.
 */
async function writeLog(engine: Engine, key: ChannelKey, seed: number): Promise<void> {
  const { int, chance, pick } = createRandom(seed)
  const publish = () =>
    engine.results.publish(key, { message: { result: seed }, tag: ids.tag(), epoch: ids.nonce() }).then(() => {})
  if (chance(0.2)) await publish()
  await engine.runs.create(key, newRun())
  let claim = ''
  let seq = 0
  const take = async () => {
    claim = ids.nonce()
    seq = 0
    await engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 50 })
  }
  let waiting: ChannelEvent[] = []
  const flush = async () => {
    if (waiting.length === 0) return
    seq += 1
    await engine.runs.append(key, { claim, seq, tag: ids.tag(), events: waiting, open: [] })
    waiting = []
  }
  await take()
  for (let iteration = 1; iteration <= 3; iteration++) {
    waiting.push({ type: 'iteration-started', iteration })
    const messages: { readonly id: string; readonly type: 'bot' | 'reasoning'; text: string }[] = []
    for (let blocks = 1 + int(3); blocks > 0; blocks--) {
      const message = { id: ids.messageId(), type: chance(0.3) ? 'reasoning' : 'bot', text: '' } as const
      const spoken = { ...message, text: '' }
      messages.push(spoken)
      for (let words = int(12); words > 0; words--) {
        const text = pick(pieces)
        const type = spoken.type === 'bot' ? 'text-delta' : 'reasoning-delta'
        waiting.push({ type, messageId: spoken.id, position: spoken.text.length, text })
        spoken.text += text
        if (chance(0.7)) await flush()
        if (chance(0.02)) {
          await flush()
          await publish()
        }
      }
    }
    const said = messages.filter(({ text }) => text !== '')
    if (chance(0.15)) {
      if (chance(0.5)) {
        await flush()
        await take()
      }
      waiting.push(...said.map(({ id }) => ({ type: 'message-discarded', messageId: id }) as const))
      continue
    }
    if (chance(0.5)) await flush()
    waiting.push(...said.map((message) => ({ type: 'message-completed', message }) as const))
    waiting.push({ type: 'iteration-finished', iteration, finish: 'stop', usage: noUsage })
  }
  if (chance(0.7)) {
    waiting.push({ type: 'dispatch-completed', result: { text: 'done', finishReason: 'stop' }, usage: noUsage })
  }
  await flush()
}

/** The entries of a log, each by itself. */
async function entryByEntry(engine: Engine, key: ChannelKey): Promise<{ epoch: string; entries: LogEntry[] }> {
  const entries: LogEntry[] = []
  let epoch = ''
  for (;;) {
    const last = entries.at(-1)
    const from = last === undefined ? null : { epoch, offset: last.offset, tag: last.tag }
    const page = await engine.log.read(key, from, { maxEntries: 1, maxBytes: 1 })
    if (page === null || page.entries.length === 0) return { epoch, entries }
    epoch = page.epoch
    entries.push(...page.entries)
  }
}

/** What a reader who has everything up to `after` must get as its next entry at `offset`: the deltas on the way, as one. */
function expected(log: readonly LogEntry[], after: number, offset: number): LogEntry | undefined {
  const [first, ...others] = log.slice(after, offset)
  return others.reduce((joined: LogEntry | undefined, next) => {
    const [a, b] = [joined?.event, next.event]
    if (a === undefined || !isDelta(a) || !isDelta(b)) return undefined
    if (a.type !== b.type || a.messageId !== b.messageId || a.position + a.text.length !== b.position) return undefined
    return { ...next, event: { ...a, text: a.text + b.text } }
  }, first)
}

describe.each(engines)('a replay on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  /** Reads the log from every cursor, by pages of several sizes, and expects what it holds. */
  async function expectReplays(key: ChannelKey, epoch: string, log: readonly LogEntry[]): Promise<void> {
    for (const start of [null, ...log]) {
      const maxBytes = start === null ? 1 : ([1000, 32_768, 1_000_000][start.offset % 3] ?? 1)
      let at = start
      for (;;) {
        const from = at === null ? null : { epoch, offset: at.offset, tag: at.tag }
        const page = await engine.log.read(key, from, { maxEntries: null, maxBytes })
        if (page === null || page.entries.length === 0) break
        for (const entry of page.entries) {
          expect(entry).toEqual(expected(log, at?.offset ?? 0, entry.offset))
          if (isDelta(entry.event) && entry.offset - (at?.offset ?? 0) > 1) {
            expect(entry.event.text.length).toBeLessThanOrEqual(longestJoinedDelta)
          }
          at = entry
        }
      }
      expect(at?.offset ?? 0).toBe(log.length)
    }
  }

  test.each([1, 2, 3, 4, 5])('is what the log holds, from every cursor, however it is read: seed %i', async (seed) => {
    const key = newKey()
    await writeLog(engine, key, seed)
    const { epoch, entries: log } = await entryByEntry(engine, key)
    expect(log.map(({ offset }) => offset)).toEqual(log.map((_entry, index) => index + 1))
    await expectReplays(key, epoch, log)

    // The engine may now store the log of a run that has ended in another way.
    const [facts, heads] = [await engine.runs.facts(key), await engine.log.heads([key])]
    await engine.runs.compact(key)
    await engine.runs.compact(key)
    expect(await entryByEntry(engine, key)).toEqual({ epoch, entries: log })
    await expectReplays(key, epoch, log)
    expect([await engine.runs.facts(key), await engine.log.heads([key])]).toEqual([facts, heads])
    const end = log.at(-1)
    if (end === undefined) throw new Error('The log has entries.')
    const whole = { maxEntries: null, maxBytes: 1_000_000 }
    for (const [from, message] of [
      [{ epoch: 'x'.repeat(22), offset: 1, tag: end.tag }, 'another log'],
      [{ epoch, offset: end.offset + 1, tag: end.tag }, 'ahead of the log'],
      [{ epoch, offset: end.offset, tag: 'other' }, 'have taken the places'],
    ] as const) {
      await expect(engine.log.read(key, from, whole)).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        message: expect.stringContaining(message),
      })
    }
  })

  test('gives the deltas of a long message in pages: whoever does not read does not hold it whole', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    for (let n = 0; n < 40; n++) await writer.say('x'.repeat(8000))
    const message = { id: 'm2', type: 'bot', text: 'x'.repeat(320_000) } as const
    await writer.append({ type: 'message-completed', message })
    const page = await engine.log.read(key, null, { maxEntries: null, maxBytes: 32_768 })
    expect(JSON.stringify(page).length).toBeLessThan(50_000)
  })
})
