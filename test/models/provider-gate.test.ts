import { describe, expect, test } from 'vitest'
import { type Model, ModelFault, type ModelPart } from '../../src/models/model.ts'
import { createProviderGate } from '../../src/models/provider-gate.ts'
import { createManualTime, settled } from './manual-time.ts'

const word: ModelPart = { type: 'text', text: 'word' }

function throttled(retryAfterMs: number | null): ModelFault {
  return new ModelFault('unavailable', 'Slow down.', { isRetryable: true, isThrottled: true, retryAfterMs })
}

function startGate({ maxInFlight = 2, chance = 0 } = {}) {
  const time = createManualTime()
  const gate = createProviderGate({ maxInFlight, random: () => chance, ...time })
  const begun: string[] = []

  /** A call through the gate that says a word and then ends, or fails, when it is told to. */
  const start = (name: string) => {
    const abort = new AbortController()
    const end = Promise.withResolvers<void>()
    const model: Model = {
      name,
      async *stream({ signal }) {
        signal.throwIfAborted()
        begun.push(name)
        await end.promise
        yield word
      },
    }
    const done = (async () => {
      for await (const _ of gate.bind(model).stream({ prompt: [], signal: abort.signal })) {
      }
    })()
    done.catch(() => undefined)
    return {
      done,
      abort,
      async succeed() {
        end.resolve()
        await settled()
      },
      async fail(error: Error) {
        end.reject(error)
        await settled()
      },
    }
  }
  return { time, gate, begun, start }
}

describe('calls in flight', () => {
  test('are as many as that, and more wait in the order they came', async () => {
    const { begun, start } = startGate()
    const [a, b, c, d] = [start('a'), start('b'), start('c'), start('d')]
    await settled()
    expect(begun).toEqual(['a', 'b'])
    await b.succeed()
    expect(begun).toEqual(['a', 'b', 'c'])
    await a.fail(new Error('no'))
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    await expect(a.done).rejects.toThrow('no')
    await c.succeed()
    await d.succeed()
    start('e')
    start('f')
    start('g')
    await settled()
    expect(begun.slice(4)).toEqual(['e', 'f'])
  })

  test('a call that is aborted while it waits leaves the queue, and no place is lost', async () => {
    const { begun, start, time } = startGate({ maxInFlight: 1 })
    const a = start('a')
    const b = start('b')
    start('c')
    await settled()
    b.abort.abort(new Error('not wanted any more'))
    await expect(b.done).rejects.toThrow('not wanted any more')
    await settled()
    expect(begun).toEqual(['a'])
    await a.succeed()
    expect(begun).toEqual(['a', 'c'])
    expect(time.sleepers.size).toBe(0)
  })

  test('a call that is aborted already takes no place', async () => {
    const { begun, gate, start } = startGate({ maxInFlight: 1 })
    const model: Model = { name: 'x', async *stream() {} }
    const calling = gate
      .bind(model)
      .stream({ prompt: [], signal: AbortSignal.abort('gone') })
      [Symbol.asyncIterator]()
    await expect(calling.next()).rejects.toBe('gone')
    start('a')
    await settled()
    expect(begun).toEqual(['a'])
  })

  test('a reader that leaves early gives its place back', async () => {
    const { begun, gate, start } = startGate({ maxInFlight: 1 })
    const model: Model = {
      name: 'x',
      async *stream() {
        yield word
        yield word
      },
    }
    for await (const _ of gate.bind(model).stream({ prompt: [], signal: new AbortController().signal })) break
    start('a')
    await settled()
    expect(begun).toEqual(['a'])
  })
})

describe('a provider that asks for fewer calls', () => {
  test('gets no new ones until the time it names, while those in flight go on', async () => {
    const { begun, start, time } = startGate()
    const a = start('a')
    const b = start('b')
    await settled()
    await a.fail(throttled(7000))
    start('c')
    await settled()
    expect(begun).toEqual(['a', 'b'])
    await b.succeed()
    await b.done
    await time.pass(6999)
    expect(begun).toEqual(['a', 'b'])
    await time.pass(1)
    expect(begun).toEqual(['a', 'b', 'c'])
    expect(time.sleepers.size).toBe(0)
  })

  test('is waited for twice as long each time it names none, half a minute at most', async () => {
    const { begun, start, time } = startGate()
    let call = start('first')
    for (const ms of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      await call.fail(throttled(null))
      const before = begun.length
      call = start(`after ${ms}`)
      await time.pass(ms - 1)
      expect(begun).toHaveLength(before)
      await time.pass(1)
      expect(begun.at(-1)).toBe(`after ${ms}`)
    }
  })

  test('is believed again after a success', async () => {
    const { begun, start, time } = startGate()
    await start('a').fail(throttled(null))
    await time.pass(500)
    await start('b').fail(throttled(null))
    await time.pass(1000)
    await start('c').succeed()
    await start('d').fail(throttled(null))
    start('e')
    await time.pass(500)
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('says it once, though it says it to every call that was out', async () => {
    const { begun, start, time } = startGate({ maxInFlight: 5 })
    const out = ['a', 'b', 'c', 'd', 'e'].map(start)
    await settled()
    for (const call of out) await call.fail(throttled(null))
    start('next')
    await time.pass(500)
    expect(begun.at(-1)).toBe('next')
  })

  test('is not believed again for a success that was out before', async () => {
    const { begun, start, time } = startGate({ maxInFlight: 5 })
    const early = start('early')
    await settled()
    await start('a').fail(throttled(null))
    await time.pass(500)
    await start('b').fail(throttled(null))
    await early.succeed()
    await time.pass(1000)
    await start('c').fail(throttled(null))
    start('next')
    await time.pass(1999)
    expect(begun).not.toContain('next')
    await time.pass(1)
    expect(begun.at(-1)).toBe('next')
  })

  test('may name a later time to a call that was out, but no earlier one', async () => {
    const { begun, start, time } = startGate({ maxInFlight: 5 })
    const [a, b, c] = [start('a'), start('b'), start('c')]
    await settled()
    await a.fail(throttled(2000))
    start('next')
    await b.fail(throttled(5000))
    await c.fail(throttled(0))
    await time.pass(2000)
    expect(begun).not.toContain('next')
    await time.pass(3000)
    expect(begun).toContain('next')
  })

  test('that names a time hours away is asked again after a minute', async () => {
    const { begun, start, time } = startGate()
    await start('a').fail(throttled(3_600_000))
    start('b')
    await time.pass(60_000)
    expect(begun).toEqual(['a', 'b'])
  })

  test('is waited for a little longer than it says, by chance', async () => {
    const { begun, start, time } = startGate({ chance: 0.5 })
    await start('a').fail(throttled(1000))
    start('b')
    await time.pass(1099)
    expect(begun).toEqual(['a'])
    await time.pass(1)
    expect(begun).toEqual(['a', 'b'])
  })

  test('keeps no timer for calls that have all gone away', async () => {
    const { start, time, begun } = startGate()
    await start('a').fail(throttled(7000))
    const b = start('b')
    await settled()
    expect(time.sleepers.size).toBe(1)
    b.abort.abort()
    await settled()
    expect(time.sleepers.size).toBe(0)
    start('c')
    await time.pass(7000)
    expect(begun).toEqual(['a', 'c'])
  })

  test('does not slow another one down, nor do its other faults', async () => {
    const { begun, start, time } = startGate()
    const other = startGate()
    await start('a').fail(throttled(7000))
    other.start('a')
    await settled()
    expect(other.begun).toEqual(['a'])
    await time.pass(7000)
    await start('b').fail(new ModelFault('unavailable', 'Internal error.', { isRetryable: true }))
    start('c')
    await settled()
    expect(begun).toEqual(['a', 'b', 'c'])
  })
})
