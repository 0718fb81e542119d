import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createApis } from '../../src/api/apis.ts'
import { createInTurn, requestTurns } from '../../src/api/request-turns.ts'
import type { Services } from '../../src/api/services.ts'
import { bounds } from '../../src/config/bounds.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { createLoopTurns } from '../../src/kernel/loop-turns.ts'
import { startEdge } from '../server/edge.ts'

const loopTurns = createLoopTurns(bounds.loop)
const connection = new EventEmitter() as Socket
const [a, b] = ['a' as AccountId, 'b' as AccountId]
const { places, perAccount, turnMs } = requestTurns

test('requests of one account wait for each other and leave places for another account', async () => {
  // None of them ends its turn because the machine is busy.
  const inTurn = createInTurn(loopTurns, { ...requestTurns, turnMs: 60_000 })
  const begun: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      begun.push(name)
      ends.push(resolve)
    })
  for (let n = 0; n < places + 5; n++) void inTurn(a, connection, work(`a${n}`))
  await new Promise(setImmediate)
  expect(begun).toHaveLength(perAccount)
  void inTurn(b, connection, work('b'))
  await new Promise(setImmediate)
  expect(begun.at(-1)).toBe('b')
  ends[0]?.()
  await new Promise(setImmediate)
  expect(begun).toHaveLength(perAccount + 2)
  while (ends.length > 0) {
    for (const end of ends.splice(0)) end()
    await new Promise(setImmediate)
  }
})

test('work that waits for something else gives its place to the next', async () => {
  vi.useFakeTimers()
  try {
    const inTurn = createInTurn(loopTurns, { ...requestTurns, places: 1, perAccount: 1 })
    const end = Promise.withResolvers<string>()
    const first = inTurn(a, connection, () => end.promise)
    const second = inTurn(a, connection, () => 'second')
    let isDone = false
    void second.then(() => {
      isDone = true
    })
    await vi.advanceTimersByTimeAsync(turnMs - 1)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await second).toBe('second')
    end.resolve('first')
    expect(await first).toBe('first')
  } finally {
    vi.useRealTimers()
  }
})

test('work whose client leaves while it waits is not begun, and its place in the line is free', async () => {
  const inTurn = createInTurn(loopTurns, { ...requestTurns, places: 1, perAccount: 1, waiting: 1 })
  const end = Promise.withResolvers<void>()
  const first = inTurn(a, connection, () => end.promise)
  const leaving = new EventEmitter() as Socket
  const second = inTurn(a, leaving, () => 'done for nobody')
  leaving.emit('close')
  await expect(second).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const closed = Object.assign(new EventEmitter(), { closed: true }) as Socket
  await expect(inTurn(a, closed, () => 'done for nobody')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const third = inTurn(a, connection, () => 'third')
  end.resolve()
  await first
  expect(await third).toBe('third')
})

test.each([
  ['/graphql', '{"query":"{ models { id } }"}', 200, 'LIMIT_EXCEEDED'],
  ['/v1/bot/list', '', 429, 'TOO_MANY_REQUESTS'],
])('an account with too many waiting requests is refused at %s', async (path, body, status, code) => {
  const inTurn = createInTurn(loopTurns, { places: 1, perAccount: 1, waiting: 0, turnMs: 60_000 })
  const end = Promise.withResolvers<void>()
  onTestFinished(() => end.resolve())
  void inTurn('local' as AccountId, connection, () => end.promise)
  const services = { resources: { datasets: {}, skillsets: {} } } as Services
  const server = await startEdge(services, { inTurn, apis: createApis })
  const given = body === '' ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${server.url}${path}`, given)
  expect(response.status).toBe(status)
  expect(JSON.stringify(await response.json())).toContain(code)
})
