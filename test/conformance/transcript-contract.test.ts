import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChannelEvent, EarlierTurn } from '../../src/conversation/event.ts'
import type { Message } from '../../src/conversation/message.ts'
import type { Said, TranscriptPlace } from '../../src/dispatch/line/transcripts.ts'
import type { Continued, NewRun } from '../../src/dispatch/run-store.ts'
import type { AccountId, ChannelKey, ConversationId } from '../../src/kernel/ids.ts'
import { ids, newRun, startRun, type TestWriter } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine } from './engines.ts'

const limits = { maxEntries: 100, maxBytes: 1_000_000 }

/** A dispatch of a test, and what one that continues it must begin with. */
interface Spoken {
  readonly key: ChannelKey
  readonly messages: readonly Message[]
  readonly turns: readonly EarlierTurn[]
  readonly own: readonly EarlierTurn[]
  readonly writer: TestWriter
}

const continuing = ({ key, messages, own }: Spoken): Continued => {
  return { channel: key.channel, messages: messages.length, ownTurns: own }
}

const turnOf = (name: string): EarlierTurn => ({
  provider: 'demo',
  parts: [{ type: 'text', messageId: name, metadata: { demo: { signature: `of ${name}` } } }],
  providerCallIds: {},
})

describe.each(engines)('dispatches that continue one another on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  beforeAll(async () => {
    place = await start()
    engine = await openEngine(place.env, { retentionSeconds: 1, recordRetentionSeconds: 60 })
  })
  const newAccount = () => `account-${ids.nonce()}` as AccountId

  let spoken = 0
  /** Creates and starts a run that says this; it answers with a message and a turn. */
  const speak = async (
    text: string,
    before: Spoken | null,
    account = before?.key.account ?? newAccount(),
    on = engine,
  ) => {
    const key = { account, channel: ids.channelId() }
    const id = `m${++spoken}`
    const messages = [...(before?.messages ?? []), { id, type: 'user', text } as const]
    const run: Partial<NewRun> = { messages, turns: before?.turns ?? [] }
    const whole = before === null ? run : { ...run, continues: continuing(before) }
    const writer = await startRun(on.runs, key, whole)
    const answer: Message = { id: `a${id}`, type: 'bot', text: `to ${id}` }
    const own = [turnOf(answer.id)]
    const turns = [...(before?.turns ?? []), ...own]
    return { key, messages: [...messages, answer], turns, own, writer, run: newRun(whole) }
  }
  const queuedOf = (run: Pick<NewRun, 'messages' | 'turns'>): ChannelEvent => ({
    type: 'dispatch-queued',
    messages: run.messages,
    ...((run.turns ?? []).length > 0 && { turns: run.turns ?? [] }),
  })
  const first = async (key: ChannelKey, on = engine) => {
    const [fact] = await on.runs.facts(key)
    return fact?.event
  }

  test('many that continue one long conversation share what it has said', async () => {
    const one = await speak('long '.repeat(40_000), null)
    await one.writer.finish()
    for (const text of ['two', 'three']) {
      const next = await speak(text, one)
      expect(await first(next.key)).toEqual(queuedOf(next.run))
    }
  })

  test('every reader sees the whole transcript: facts, a claim, pages and followers', async () => {
    const one = await speak('one', null)
    await one.writer.finish()
    const two = await speak('two', one)
    await two.writer.finish()
    const key = { ...two.key, channel: ids.channelId() }
    const signals: unknown[] = []
    const leave = await engine.log.watch(key, (signal) => signals.push(signal))
    const run = newRun({
      messages: [...two.messages, { id: 'm3', type: 'user', text: 'three' }],
      turns: two.turns,
      continues: continuing(two),
    })
    await engine.runs.create(key, run)
    expect(await first(key)).toEqual(queuedOf(run))
    const page = await engine.log.read(key, null, limits)
    expect(page?.entries.map(({ event }) => event)).toEqual([queuedOf(run)])
    const reply = await engine.runs.claim(key, { wake: 1, claim: 'c', tag: ids.tag(), lossLimit: 5 })
    expect(reply.outcome === 'claimed' && reply.claimed.facts[0]?.event).toEqual(queuedOf(run))
    // A publication has the whole event, or makes its reader read.
    await vi.waitFor(() => expect(signals.length).toBeGreaterThan(0))
    const [told] = signals as { entries: { event: ChannelEvent }[] | null }[]
    if (told?.entries != null) expect(told.entries[0]?.event).toEqual(queuedOf(run))
    leave()
  })

  test('a turn of a long conversation stores what is new', async () => {
    const small = await openEngine((await start()).env, { storedBytesPerAccount: 800_000, retentionSeconds: 60 })
    let last: Spoken = await speak('x'.repeat(100_000), null, newAccount(), small)
    const begin = last
    await last.writer.finish()
    for (let n = 0; n < 30; n++) {
      last = await speak(`turn ${n}`, last, last.key.account, small)
      await last.writer.finish()
    }
    expect(await first(last.key, small)).toMatchObject({ messages: last.messages.slice(0, -1) })
    // Nothing was dropped to make room.
    expect(await first(begin.key, small)).toMatchObject({ messages: begin.messages.slice(0, -1) })
  })

  test('a dispatch can be continued many times, and so can each of those', async () => {
    const one = await speak('one', null)
    await one.writer.finish()
    const twos = await Promise.all(Array.from({ length: 10 }, (_, n) => speak(`two-${n}`, one)))
    for (const two of twos) await two.writer.finish()
    const threes = await Promise.all(twos.flatMap((two, n) => [speak(`three-${n}`, two), speak(`other-${n}`, two)]))
    for (const { key, run } of [...twos, ...threes]) expect(await first(key)).toEqual(queuedOf(run))
    for (const three of threes) await three.writer.finish()
    const four = await speak('four', threes[13] ?? null)
    expect(await first(four.key)).toEqual(queuedOf(four.run))
  })

  test('the transcript outlives the dispatches it came from, and goes with the last that needs it', async () => {
    const account = newAccount()
    const one = await speak('one', null, account)
    await one.writer.finish()
    const two = await speak('two', one)
    const waits = await speak('waits', one)
    await two.writer.finish()
    const three = await speak('three', two)
    await three.writer.finish()
    await engine.runs.letGo(two.key)
    await engine.runs.letGo(three.key)
    await engine.runs.letGo(three.key)
    // Nobody lets go of what has not ended.
    await engine.runs.letGo(waits.key)
    const gone = async (key: ChannelKey) => {
      await engine.runs.find([key])
      return (await engine.runs.facts(key)).length === 0
    }
    await vi.waitFor(async () => expect([await gone(one.key), await gone(three.key)]).toEqual([true, true]), {
      timeout: 5000,
    })
    expect(await first(waits.key)).toEqual(queuedOf(waits.run))
    const again = await engine.runs.claim(waits.key, { wake: 1, claim: 'd', tag: ids.tag(), lossLimit: 5 })
    expect(again.outcome === 'claimed' && again.claimed.facts[0]?.event).toEqual(queuedOf(waits.run))
    await engine.runs.cancel(waits.key, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
    await engine.runs.letGo(waits.key)
    await vi.waitFor(async () => expect(await gone(waits.key)).toBe(true), { timeout: 5000 })
    const left = async () => (await place.stored()).filter((name) => name.includes('{t/') && name.includes(account))
    await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 8000, interval: 100 })
  })

  test('the same dispatch again is the same run, wherever its transcript stands by now', async () => {
    const one = await speak('one', null)
    await one.writer.finish()
    const two = await speak('two', one)
    expect((await engine.runs.create(two.key, two.run)).outcome).toBe('exists')
    expect((await engine.runs.create(two.key, { ...two.run, digest: 'another' })).outcome).toBe('conflict')
    expect(await first(two.key)).toEqual(queuedOf(two.run))
  })

  test('a transcript and the new messages fit into a log together, or are refused', async () => {
    const one = await speak('x'.repeat(600_000), null)
    await one.writer.finish()
    await expect(speak('y'.repeat(600_000), one)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    const two = await speak('y'.repeat(300_000), one)
    await two.writer.finish()
    await expect(speak('z'.repeat(300_000), two)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })

  test('a transcript is held whole: its bytes are told, and none of it is held where a part is not there', async () => {
    const account = newAccount()
    const key = { account, conversation: ids.nonce() as ConversationId }
    const said = (text: string): Said => ({
      origin: ids.channelId(),
      messages: [{ id: ids.messageId(), type: 'user', text }],
      turns: [],
    })
    const one = await engine.transcripts.extend(key, null, said('é'.repeat(1000)))
    const two = await engine.transcripts.extend(key, one, said('two'))
    const run = { account, channel: ids.channelId() }
    const bytes = (await engine.transcripts.hold(run, one)) ?? 0
    expect(bytes).toBeGreaterThan(2000)
    expect(bytes).toBeLessThan(2200)
    expect(await engine.transcripts.hold(run, two)).toBeGreaterThan(bytes)
    expect(await engine.transcripts.hold(run, { ...two, length: two.length + 1 })).toBe(null)
    expect(await engine.transcripts.hold(run, { ...two, root: 'gone' })).toBe(null)
  })

  // A dispatch is removed, and sent again under its id: the conversation may stand on a list that the first one began.
  test('what a dispatch says that is sent again after its removal is not taken for what the first one said', async () => {
    const account = newAccount()
    const key = { account, conversation: ids.nonce() as ConversationId }
    const origin = ids.channelId()
    const said = (...texts: readonly string[]): Said => {
      const messages = texts.map((text) => ({ id: `m-${text}`, type: 'user', text }) as const)
      return { origin, messages, turns: [] }
    }
    const { transcripts } = engine
    const textsAt = async (at: TranscriptPlace) =>
      (await transcripts.read(account, at))?.messages.map(({ text }) => text) ?? null
    const live = async (kept: Said, own: Said) => {
      const cut = await transcripts.branch(key, kept)
      // Whoever repeats a step finds it done.
      expect(await transcripts.branch(key, kept)).toEqual(cut)
      const whole = await transcripts.extend(key, cut, own)
      expect(await transcripts.extend(key, cut, own)).toEqual(whole)
      return [cut, whole] as const
    }
    const first = await live(said('one', 'two'), said('three'))
    const second = await live(said('one'), said('two, otherwise'))
    expect(await textsAt(first[1])).toEqual(['one', 'two', 'three'])
    expect(await textsAt(second[0])).toEqual(['one'])
    expect(await textsAt(second[1])).toEqual(['one', 'two, otherwise'])
    // Of the same words as the first, and other ones behind them.
    const third = await live(said('one', 'two'), said('four'))
    expect(await textsAt(third[1])).toEqual(['one', 'two', 'four'])
    const alone = await transcripts.extend(key, null, said('five'))
    expect(await textsAt(await transcripts.extend(key, null, said('six')))).toEqual(['six'])
    expect(await textsAt(alone)).toEqual(['five'])
    await transcripts.abandon(key, origin, second[1])
    expect(await textsAt(second[1])).toEqual(['one', 'two, otherwise'])
    for (const at of [first[1], third[1], alone]) expect(await textsAt(at)).toBe(null)
  })
})
