import { Chat } from '@ai-sdk/react'
import { asSchema, type UIMessage, type UIMessageChunk, uiMessageChunkSchema } from 'ai'
import { expect, test } from 'vitest'
import { type Chunk, type ChunkFrame, done } from '../../../src/api/ai-sdk/chunk.ts'
import { createCountedFold } from '../../../src/api/ai-sdk/counted-chunks.ts'
import { createChunkFold } from '../../../src/api/ai-sdk/fold-chunks.ts'
import type { FrameFold } from '../../../src/api/facade/read-frames.ts'
import type { LogEntry } from '../../../src/channel/channel.ts'
import { createViewBuilder } from '../../../src/conversation/view.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import { createRandom, type Random } from '../../faults/random.ts'
import { type KeptLog, logsOfSimulation } from '../../simulation/kept-logs.ts'
import { atLength } from '../../support/at-length.ts'

const last = { account: 'a', channel: 'channel-0123456789' } as ChannelKey
const messageId = 'answer_channel-0123456789'

function told(entries: readonly LogEntry[], fold: FrameFold<ChunkFrame>): readonly Chunk[] {
  const frames: ChunkFrame[] = []
  for (const entry of entries) {
    const { frames: more, isEnd } = fold.accept(entry, last)
    frames.push(...more)
    if (isEnd) break
  }
  expect(frames.at(-1)).toBe(done)
  return frames.filter((frame) => frame !== done)
}

const chunksOf = (entries: readonly LogEntry[], after = 0) => told(entries, createChunkFold({ messageId, last, after }))
const countedOf = (entries: readonly LogEntry[], from: number) =>
  told(entries, createCountedFold(createChunkFold({ messageId, last }), from))

/** A stream of these chunks, which the network then breaks, or which ends. */
function streamOf(chunks: readonly Chunk[], isBroken: boolean): ReadableStream<UIMessageChunk> {
  const rest = [...chunks]
  return new ReadableStream({
    pull(controller) {
      const next = rest.shift()
      if (next !== undefined) controller.enqueue(structuredClone(next) as unknown as UIMessageChunk)
      else if (isBroken) controller.error(new TypeError('network error'))
      else controller.close()
    },
  })
}

interface Given {
  readonly chunks: readonly Chunk[]
  readonly isBroken?: boolean
}

/** What the stock client shows that asks a question, gets the first stream, and then the others: as replays, or as what goes on. */
async function shown(
  [first, ...others]: readonly Given[],
  how: 'resume' | 'go on' = 'resume',
): Promise<UIMessage | undefined> {
  let next: Given | undefined = first
  const stream = async () => streamOf(next?.chunks ?? [], next?.isBroken === true)
  const transport = { resumeStreamIsReplay: true, sendMessages: stream, reconnectToStream: stream }
  const chat = new Chat({ id: 'chat-0123456789', transport })
  await chat.sendMessage({ text: 'Hello' })
  for (next of others) {
    if (how === 'resume') await chat.resumeStream()
    else await chat.sendMessage()
  }
  expect(chat.messages.length).toBeLessThanOrEqual(2)
  return chat.messages[1]
}

/** What the run has said, as the log tells it to everybody else. */
function saidIn(entries: readonly LogEntry[]): readonly string[] {
  const builder = createViewBuilder()
  const own = new Set<string>()
  for (const entry of entries) {
    builder.apply(entry)
    const { event } = entry
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') own.add(event.messageId)
    if (event.type === 'message-completed') own.add(event.message.id)
  }
  const { messages } = builder.view()
  return messages.flatMap(({ id, type, text }) =>
    own.has(id) && (type === 'bot' || type === 'reasoning') ? [text] : [],
  )
}

async function expectToResume({ written, replayed }: KeptLog, random: Random, cuts: number): Promise<void> {
  const chunks = chunksOf(written)
  for (const chunk of chunks) {
    const { validate } = asSchema(uiMessageChunkSchema)
    expect((await validate?.(chunk))?.success, JSON.stringify(chunk)).toBe(true)
  }
  const whole = await shown([{ chunks }])
  const texts = (whole?.parts ?? []).flatMap((part) =>
    part.type === 'text' || part.type === 'reasoning' ? [part.text] : [],
  )
  expect(texts.filter((text) => text !== '')).toEqual(saidIn(written).filter((text) => text !== ''))

  // An iteration that begins anew is no step of its own.
  const iterations = new Set(
    written.flatMap(({ event }) => (event.type === 'iteration-started' ? event.iteration : [])),
  )
  expect((whole?.parts ?? []).filter(({ type }) => type === 'step-start')).toHaveLength(iterations.size)

  const replay = { chunks: chunksOf(replayed) }
  expect(await shown([replay])).toEqual(whole)
  for (let n = 0; n < cuts; n++) {
    const half = () => ({ chunks: chunks.slice(0, random.int(chunks.length)), isBroken: true })
    expect(await shown([half(), half(), replay])).toEqual(whole)
  }

  // A client that gives a result goes on behind the entry at which it was asked for it.
  const asked = written.findLast(({ event }) => event.type === 'function-result-awaited')
  if (asked !== undefined) {
    const before = chunksUpTo(written, asked.offset)
    expect(await shown([{ chunks: before }, { chunks: chunksOf(replayed, asked.offset) }], 'go on')).toEqual(whole)
  }

  const counted = countedOf(written, 0)
  expect(await shown([{ chunks: counted }])).toEqual(whole)
  for (let cut = 0; cut <= counted.length; cut++) {
    expect([...counted.slice(0, cut), ...countedOf(replayed, cut)]).toEqual(counted)
  }
}

function chunksUpTo(entries: readonly LogEntry[], offset: number): readonly Chunk[] {
  const fold = createChunkFold({ messageId, last })
  return entries
    .filter((entry) => entry.offset <= offset)
    .flatMap((entry) => fold.accept(entry, last).frames)
    .filter((frame) => frame !== done)
}

test('any log of the simulation, cut anywhere, gives the stock client what the uncut stream gives', async () => {
  const counts = { logs: 0, discarded: 0, takenOver: 0, asked: 0, cancelled: 0 }
  for (let seed = 1; seed <= atLength(6, 400); seed++) {
    for (const log of await logsOfSimulation(seed)) {
      await expectToResume(log, createRandom(seed), atLength(2, 10)).catch((error: unknown) => {
        throw new Error(`${log.name}: ${error instanceof Error ? error.message : error}`, { cause: error })
      })
      counts.logs += 1
      for (const { event } of log.written) {
        if (event.type === 'message-discarded') counts.discarded += 1
        if (event.type === 'dispatch-started' && event.attempt > 1) counts.takenOver += 1
        if (event.type === 'function-result-awaited') counts.asked += 1
        if (event.type === 'dispatch-cancelled') counts.cancelled += 1
      }
    }
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(2)
}, 330_000)
