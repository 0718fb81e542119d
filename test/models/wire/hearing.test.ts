import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { chatCompletions } from '../../../src/models/wire/chat-completions.ts'
import { createHearing } from '../../../src/models/wire/hearing.ts'

const chunk = (content: string) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`
const stop = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const usage = 'data: {"usage":{"prompt_tokens":12,"completion_tokens":7}}\n\n'
const done = 'data: [DONE]\n\n'
const unreadable = 'data: {"choices":"none"}\n\n'

const counted = { inputTokens: 12, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 0 }

interface Script {
  /** What each read of the provider's answer gives; the last `null` is the end, an error breaks off. */
  readonly reads: (index: number) => string | Error | Promise<string> | null
  /** Whether waiting for the rest is over at once. */
  readonly isImpatient?: boolean
}

/** A call whose answer comes as the script says, and what an adapter gets of it. */
async function listen({ reads, isImpatient = false }: Script) {
  let taken = 0
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const read = await reads(taken)
        taken += 1
        if (read instanceof Error) controller.error(read)
        else if (read === null) controller.close()
        else controller.enqueue(Buffer.from(read))
      },
      cancel: () => {
        isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const { fetch, heard } = createHearing({
    fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    format: chatCompletions(),
    secret: undefined,
    sleep: (_, signal) =>
      isImpatient
        ? Promise.resolve()
        : new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
  })
  const response = await fetch('http://provider.test')
  return {
    heard,
    reader: (response.body ?? new Blob([]).stream()).getReader(),
    get taken() {
      return taken
    },
    get isCancelled() {
      return isCancelled
    },
  }
}

async function all(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const pieces: string[] = []
  for (;;) {
    const { value } = await reader.read()
    if (value === undefined) return pieces.join('')
    pieces.push(Buffer.from(value).toString())
  }
}

const never = new Promise<string>(() => {})
const script = (...reads: readonly (string | Error | Promise<string> | null)[]) => ({
  reads: (index: number) => (index < reads.length ? (reads[index] ?? null) : never),
})

test('an answer ends with its `[DONE]`, though the connection stays open', async () => {
  const call = await listen(script(chunk('Hi'), stop, usage, done))
  expect(await all(call.reader)).toContain('"finish_reason":"stop"')
  expect([call.heard.fault, call.heard.usage]).toEqual([null, counted])
  expect(call.isCancelled).toBe(true)
})

test('an answer that is whole is not waited for without end', async () => {
  const call = await listen({ ...script(chunk('Hi'), stop), isImpatient: true })
  expect(await all(call.reader)).toContain('"finish_reason":"stop"')
  expect(call.heard.fault).toBeNull()
  expect(call.isCancelled).toBe(true)
})

test('nor does an answer that is not whole end because nothing comes for a while', async () => {
  const resumed = Promise.withResolvers<string>()
  const call = await listen({ ...script(chunk('Hi'), resumed.promise, stop, done), isImpatient: true })
  expect(Buffer.from((await call.reader.read()).value ?? []).toString()).toContain('Hi')
  resumed.resolve(chunk(' there'))
  expect(await all(call.reader)).toContain(' there')
  expect(call.heard.fault).toBeNull()
})

test('behind a fault the answer is read on for its usage, and nothing of it is passed on', async () => {
  const call = await listen(script(chunk('Hi'), unreadable, chunk(' there'), stop, usage, null))
  expect(await all(call.reader)).not.toContain('there')
  expect(call.heard.fault).toMatchObject({ isRetryable: true, sameAs: expect.stringContaining('unreadable') })
  expect(call.heard.usage).toEqual(counted)
})

test('behind a fault, an endless answer is left', async () => {
  const call = await listen({ reads: (index) => (index === 0 ? unreadable : chunk('more')) })
  expect(await all(call.reader)).toBe('')
  expect(call.heard.fault).toMatchObject({ isRetryable: true })
  expect(call.taken).toBeLessThan(510)
  expect(call.isCancelled).toBe(true)
})

test('behind a fault, a silent answer is left', async () => {
  const call = await listen({ ...script(unreadable), isImpatient: true })
  expect(await all(call.reader)).toBe('')
  expect(call.heard.fault).not.toBeNull()
})

test('what an error says of itself counts more than what could not be read before it', async () => {
  const error = 'data: {"error":{"message":"Too long.","code":"context_length_exceeded"}}\n\n'
  const call = await listen(script(unreadable, error, null))
  await all(call.reader)
  expect(call.heard.fault).toMatchObject({ kind: 'rejected', message: 'Too long.' })
})

test('a connection that breaks behind the end takes nothing back; before it, it breaks the answer', async () => {
  const broken = new TypeError('terminated')
  const whole = await listen(script(chunk('Hi'), stop, broken))
  expect(await all(whole.reader)).toContain('"finish_reason":"stop"')
  expect(whole.heard.fault).toBeNull()
  const half = await listen(script(chunk('Hi'), broken))
  await expect(all(half.reader)).rejects.toBe(broken)
})

test('calls that share an id, or have none, get to the adapter with ids of their own', async () => {
  const call = (index: number, id: string) => {
    const told = { index, id, function: { name: 'f', arguments: '{}' } }
    return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [told] } }] })}\n\n`
  }
  const heard = await listen(script(call(0, 'a'), call(1, 'a'), call(2, ''), call(3, ' '), stop, null))
  const ids = [...(await all(heard.reader)).matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id)
  expect(ids).toEqual(['a', 'call_2', 'call_3', 'call_4'])
})

test('nothing is read ahead of whoever listens, and whoever leaves is told to the provider', async () => {
  const call = await listen({ reads: (index) => chunk(`${index}`) })
  for (let read = 1; read <= 3; read += 1) {
    await call.reader.read()
    // Whoever reads ahead does so by now.
    await setImmediate()
    expect(call.taken).toBe(read)
  }
  await call.reader.cancel('enough')
  expect(call.isCancelled).toBe(true)
})

test('the same fault is known again although its words differ; another is another', async () => {
  const sameAs = async (event: string) => {
    const call = await listen(script(event, null))
    await all(call.reader)
    return call.heard.fault?.sameAs
  }
  const first = await sameAs('data: {"id":"a1","choices":"none"}\n\n')
  expect(first).toEqual(expect.any(String))
  expect(await sameAs('data: {"id":"b22","choices":"nothing"}\n\n')).toBe(first)
  expect(await sameAs('data: {"id":"a1","choices":{"a":1}}\n\n')).not.toBe(first)
})
