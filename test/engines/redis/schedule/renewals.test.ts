import { beforeEach, describe, expect, test } from 'vitest'
import { createRenewals, type Lock, type Renewals } from '../../../../src/engines/redis/schedule/leases/renewals.ts'

const [leaseMs, blockedMs] = [1000, 4000]
const lock = { jobId: 'r.a.b.1', token: 'mine' }

describe('the locks of a worker', () => {
  let nowMs: number
  let isTurning: boolean
  let sign: number
  let renewed: Lock[]
  let lost: number[]
  let errors: string[]
  let answer: () => Promise<boolean>
  let renewals: Renewals

  beforeEach(() => {
    ;[nowMs, isTurning, sign, renewed, lost, errors] = [0, true, 0, [], [], []]
    answer = async () => true
    renewals = createRenewals({
      leaseMs,
      blockedMs,
      now: () => nowMs,
      signOfLife: () => sign,
      extend: (each) => {
        renewed.push(each)
        return answer()
      },
      onLost: (hold) => lost.push(hold),
      onError: (error) => errors.push(String(error)),
    })
  })

  /** Lets time pass as the thread sees it, a quarter of a lease at a time. */
  const pass = async (ms: number) => {
    for (const until = nowMs + ms; nowMs < until; ) {
      nowMs += leaseMs / 4
      if (isTurning) sign += 1
      renewals.beat()
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
  }

  test('are renewed four times a lease until they are released', async () => {
    renewals.hold(1, lock)
    await pass(2000)
    expect(renewed).toEqual(Array.from({ length: 8 }, () => lock))
    renewals.release(1)
    await pass(2000)
    expect([renewed.length, lost, errors]).toEqual([8, [], []])
  })

  test('are kept while the event loop is blocked for many leases', async () => {
    renewals.hold(1, lock)
    isTurning = false
    await pass(blockedMs)
    isTurning = true
    await pass(2000)
    expect([renewed.length, lost, errors]).toEqual([24, [], []])
  })

  test('are lost one lease after the event loop has been blocked for too long, and that is told once', async () => {
    renewals.hold(1, lock)
    isTurning = false
    await pass(blockedMs + leaseMs)
    expect(lost).toEqual([])
    await pass(leaseMs)
    expect(renewed).toHaveLength(16)
    expect(lost).toEqual([1])
    expect(errors).toEqual(['Error: The event loop has been blocked for 4250 ms: its leases are given up.'])
  })

  test('are renewed again when the event loop turns again before they are lost', async () => {
    renewals.hold(1, lock)
    isTurning = false
    await pass(blockedMs + leaseMs / 2)
    isTurning = true
    await pass(2000)
    expect([renewed.length, lost]).toEqual([24, []])
  })

  test('that are another’s by now are lost at once', async () => {
    renewals.hold(1, lock)
    renewals.hold(2, { ...lock, token: 'newer' })
    answer = async () => renewed.at(-1)?.token !== 'mine'
    await pass(leaseMs / 4)
    expect(lost).toEqual([1])
  })

  test('are lost when no renewal has succeeded for a lease; failures are told and not sent twice at once', async () => {
    const pending = Promise.withResolvers<boolean>()
    answer = () => pending.promise
    renewals.hold(1, lock)
    await pass(leaseMs)
    expect([renewed.length, lost]).toEqual([1, []])
    pending.reject(new Error('Redis is away.'))
    await pass(leaseMs / 4)
    expect([lost, errors]).toEqual([[1], ['Error: Redis is away.']])
  })

  test('are renewed although the renewal of another hangs', async () => {
    const never = new Promise<boolean>(() => {})
    answer = () => (renewed.at(-1)?.token === 'mine' ? never : Promise.resolve(true))
    renewals.hold(1, lock)
    renewals.hold(2, { ...lock, token: 'other' })
    await pass(2 * leaseMs)
    expect(lost).toEqual([1])
    expect(renewed.filter(({ token }) => token === 'other')).toHaveLength(8)
  })

  test('are lost after a stop of the whole process', async () => {
    renewals.hold(1, lock)
    await pass(leaseMs)
    nowMs += 10 * leaseMs
    renewals.beat()
    expect(lost).toEqual([1])
  })
})
