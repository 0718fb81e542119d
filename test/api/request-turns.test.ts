import { expect, test, vi } from 'vitest'
import { createApis } from '../../src/api/apis.ts'
import { createInTurn, requestTurns } from '../../src/api/request-turns.ts'
import type { Services } from '../../src/api/services.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { startEdge } from '../server/edge.ts'

const [a, b] = ['a' as AccountId, 'b' as AccountId]
const { places, perAccount, turnMs } = requestTurns

test('requests of one account wait for each other and leave places for another account', async () => {
  const inTurn = createInTurn()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      begun.push(name)
      ends.push(resolve)
    })
  for (let n = 0; n < places + 5; n++) void inTurn(a, work(`a${n}`))
  await new Promise(setImmediate)
  expect(begun).toHaveLength(perAccount)
  void inTurn(b, work('b'))
  await new Promise(setImmediate)
  expect(begun.at(-1)).toBe('b')
  ends[0]?.()
  await new Promise(setImmediate)
  expect(begun).toHaveLength(perAccount + 2)
})

test('work that waits for something else gives its place to the next', async () => {
  vi.useFakeTimers()
  try {
    const inTurn = createInTurn({ ...requestTurns, places: 1, perAccount: 1 })
    const end = Promise.withResolvers<string>()
    const first = inTurn(a, () => end.promise)
    const second = inTurn(a, () => 'second')
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

test.each([
  ['/graphql', '{"query":"{ models { id } }"}', 200, 'LIMIT_EXCEEDED'],
  ['/v1/bot/list', '', 429, 'TOO_MANY_REQUESTS'],
])('an account with too many waiting requests is refused at %s', async (path, body, status, code) => {
  const inTurn = createInTurn({ ...requestTurns, places: 1, perAccount: 1, waiting: 0 })
  const services = { resources: { datasets: {}, skillsets: {} } } as Services
  const server = await startEdge(services, { inTurn, apis: createApis })
  const given = body === '' ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${server.url}${path}`, given)
  expect(response.status).toBe(status)
  expect(JSON.stringify(await response.json())).toContain(code)
})
