import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLoopTurns } from '../../src/kernel/loop-turns.ts'

const options = { ms: 4, slices: 4, activeMs: 1000 }

/** Slices that write down in which turn of the loop they began. Time passes only while one is busy. */
function watch() {
  let now = 0
  const turns = createLoopTurns(options, () => now)
  const busy = () => {
    now += 10
  }
  const begun: string[] = []
  const begin = async (name: string, costMs?: number, work = () => {}) => {
    await turns.pass(name.slice(0, 1), costMs)
    begun.push(name)
    work()
  }
  const inNextTurn = async () => {
    await new Promise(setImmediate)
    return begun.splice(0)
  }
  return { turns, begin, busy, inNextTurn }
}

test('an account that has nothing waiting begins at once', () => {
  const { turns } = watch()
  expect(turns.pass('a')).toBeUndefined()
  expect(turns.pass('b')).toBeUndefined()
})

test('an account does only so many slices in one turn of the loop, in order, and no other waits for the rest', async () => {
  const { turns, begin, inNextTurn } = watch()
  for (let n = 1; n <= 10; n++) void begin(`a${n}`)
  void begin('b1')
  expect(await inNextTurn()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'a5', 'a6', 'a7', 'a8'])
  expect(turns.pass('b')).toBeUndefined()
  expect(await inNextTurn()).toEqual(['a9', 'a10'])
})

test('accounts with slices that wait have one turn each', async () => {
  const { begin, inNextTurn } = watch()
  for (let n = 1; n <= 8; n++) void begin(`a${n}`)
  for (let n = 1; n <= 8; n++) void begin(`b${n}`)
  expect(await inNextTurn()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4', 'a5', 'a6', 'a7', 'a8'])
  expect(await inNextTurn()).toEqual(['b5', 'b6', 'b7', 'b8'])
})

test('slices that are seen to take long are done one in a turn', async () => {
  const { begin, busy, inNextTurn } = watch()
  for (let n = 1; n <= 11; n++) void begin(`a${n}`, undefined, busy)
  expect(await inNextTurn()).toHaveLength(8)
  expect(await inNextTurn()).toEqual(['a9'])
  expect(await inNextTurn()).toEqual(['a10'])
})

test('work that may be done on the spot has the room of its turn, and all there is while nobody else is active', async () => {
  const { turns, begin, inNextTurn } = watch()
  const done = () => Array.from({ length: 20 }, () => turns.hasRoom('a', 1)).filter(Boolean).length
  expect(done()).toBe(20)
  turns.pass('b')
  expect(done()).toBe(4)
  expect(turns.hasRoom('b', 1)).toBe(true)
  await inNextTurn()
  expect(done()).toBe(4)
  void begin('a1')
  await inNextTurn()
  for (let n = 1; n <= 6; n++) void begin(`a${n}`)
  // Those that wait come first.
  expect(turns.hasRoom('a', 0)).toBe(false)
  await inNextTurn()
})

describe('after a slice that costs more than a turn', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function watchByTimers() {
    const turns = createLoopTurns(options)
    const begun: string[] = []
    const begin = async (name: string, costMs?: number) => {
      await turns.pass(name.slice(0, 1), costMs)
      begun.push(name)
    }
    return { begin, begun }
  }

  test('an account that is alone goes on in the next turn', async () => {
    const { begin, begun } = watchByTimers()
    for (let n = 1; n <= 3; n++) void begin(`a${n}`, 50)
    await vi.advanceTimersByTimeAsync(2)
    expect(begun).toEqual(['a1', 'a2', 'a3'])
  })

  test('an account rests for as long, if another was active lately', async () => {
    const { begin, begun } = watchByTimers()
    void begin('b1')
    for (let n = 1; n <= 3; n++) void begin(`a${n}`, 50)
    await vi.advanceTimersByTimeAsync(98)
    expect(begun).toEqual(['b1', 'a1'])
    void begin('b2')
    expect(begun.at(-1)).toBe('a1')
    await vi.advanceTimersByTimeAsync(4)
    expect(begun).toEqual(['b1', 'a1', 'b2', 'a2'])
    await vi.advanceTimersByTimeAsync(options.activeMs + 100)
    void begin('a4', 50)
    void begin('a5', 50)
    await vi.advanceTimersByTimeAsync(2)
    expect(begun.slice(4)).toEqual(['a3', 'a4', 'a5'])
  })
})
