import { expect, test } from 'vitest'
import { wireEvents } from '../../../src/api/openai/response/frames.ts'
import type { ResponseEvent } from '../../../src/api/openai/response/output.ts'
import { chunkEnd } from '../../../src/api/openai/response/text-chunk.ts'
import { joinDeltas } from '../../../src/channel/join-deltas.ts'
import { createRandom, type Random } from '../../faults/random.ts'
import { type KeptLog, logsOfSimulation } from '../../simulation/kept-logs.ts'
import { atLength } from '../../support/at-length.ts'
import { entriesOf, logs } from '../../support/openai/logs.ts'
import { accumulated, eventsOf } from '../../support/openai/replay.ts'

const written: readonly KeptLog[] = Object.entries(logs).map(([name, log]) => {
  const entries = entriesOf(log)
  return { name, written: entries, replayed: joinDeltas(entries) }
})

/** The same log, of which a reader gets some deltas joined and others not. */
function joinedByChance({ written }: KeptLog, random: Random) {
  const parts: (typeof written)[] = []
  for (let from = 0; from < written.length; ) {
    const to = from + 1 + random.int(6)
    parts.push(joinDeltas(written.slice(from, to)))
    from = to
  }
  return parts.flat()
}

/** What was told of each item's text, piece by piece, and what it was said to be in the end. */
function textsOf(events: readonly ResponseEvent[]) {
  const told = new Map<unknown, string>()
  const whole = new Map<unknown, unknown>()
  for (const { type, item_id, delta, text } of events) {
    if (/text\.delta$/.test(type)) told.set(item_id, (told.get(item_id) ?? '') + delta)
    if (/text\.done$/.test(type)) whole.set(item_id, text)
  }
  return { told, whole }
}

async function expectToResume(log: KeptLog, random: Random, helperCuts: number): Promise<void> {
  const events = eventsOf(log.written)
  const numbers = events.map((event) => event.sequence_number)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  // However its deltas are joined, and so wherever its client comes back, or to which process.
  expect(eventsOf(log.replayed)).toEqual(events)
  expect(eventsOf(joinedByChance(log, random))).toEqual(events)
  const { told, whole } = textsOf(events)
  for (const [id, text] of whole) expect(told.get(id) ?? '').toBe(text)

  // The server leaves out what the client has seen.
  for (const cut of numbers) {
    const before = events.filter((event) => event.sequence_number <= cut)
    expect([...before, ...events.flatMap((event) => [...wireEvents(event, cut)])]).toEqual(events)
  }

  const number = () => numbers[random.int(numbers.length)] ?? 0
  // The client's helper asks for everything, and leaves out by itself what was seen.
  const uncut = await accumulated(events, null)
  for (let n = 0; n < helperCuts; n++) {
    const cut = number()
    const { seen, final } = await accumulated(events, cut)
    const shown = ({ type, sequence_number, ...rest }: Readonly<Record<string, unknown>>) => [
      type,
      sequence_number,
      rest['delta'],
      rest['text'],
    ]
    expect(seen.map((event) => shown({ ...event }))).toEqual(
      events.flatMap((event) => (event.sequence_number > cut ? [shown(event)] : [])),
    )
    expect(final).toEqual(uncut.final)
  }
  const { output } = uncut.final
  const said = log.written.flatMap(({ event }) =>
    event.type === 'message-completed' && event.message.type === 'bot' ? [event.message] : [],
  )
  const answers = output.flatMap((item) => (item.type === 'message' && item.status === 'completed' ? [item] : []))
  expect(answers.map(({ id, content }) => [id, content.map((part) => ('text' in part ? part.text : ''))])).toEqual(
    said.map(({ id, text }) => [`${id}.channel-0123456789`, [text]]),
  )
}

test.each(written.map((log) => [log.name, log] as const))(
  '%s is the same response wherever it is cut',
  async (_, log) => {
    await expectToResume(log, createRandom(1), 40)
  },
)

test('any log of the simulation is the same response wherever it is cut', async () => {
  const counts = { logs: 0, discarded: 0, takenOver: 0, calls: 0, joined: 0 }
  for (let seed = 1; seed <= atLength(6, 400); seed++) {
    for (const log of await logsOfSimulation(seed)) {
      await expectToResume(log, createRandom(seed), 2)
      counts.logs += 1
      counts.joined += log.written.length - joinDeltas(log.written).length
      for (const { event } of log.written) {
        if (event.type === 'message-discarded') counts.discarded += 1
        if (event.type === 'dispatch-started' && event.attempt > 1) counts.takenOver += 1
        if (event.type === 'function-call-requested') counts.calls += 1
      }
    }
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(5)
}, 330_000)

test('more text never moves the end of a chunk', () => {
  const texts = ['The  wide\n\nsea: 海が見える 😀😀 and_a_long_unbroken_identifier_😀_here', ' \t x', '\ud83d\ud83dab']
  for (const text of texts) {
    for (let from = 0; from < text.length; from++) {
      const whole = chunkEnd(text, from)
      for (let to = from; to <= text.length; to++) {
        const part = chunkEnd(text.slice(0, to), from)
        expect(part === null || part === whole).toBe(true)
      }
      if (whole !== null) expect(whole).toBeGreaterThan(from)
    }
  }
})

test('a text that another release has cut elsewhere goes on where its client stands', () => {
  const delta: ResponseEvent = { type: 'response.output_text.delta', sequence_number: 100, delta: 'the wide sea' }
  const after = (number: number) =>
    [...wireEvents(delta, number)].map(({ sequence_number, delta }) => [sequence_number, delta])
  expect(after(0)).toEqual([
    [92, 'the '],
    [97, 'wide '],
    [100, 'sea'],
  ])
  expect(after(94)).toEqual([
    [97, 'de '],
    [100, 'sea'],
  ])
  expect(after(100)).toEqual([])
})
