import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pageLimits } from '../../src/channel/follow.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { Append } from '../../src/dispatch/run-store.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const started: ChannelEvent = { type: 'iteration-started', iteration: 1 }
const usage = { ...noUsage, inputTokens: 3, outputTokens: 4, totalTokens: 7, iterations: 1 }
const finished: ChannelEvent = { type: 'iteration-finished', iteration: 1, finish: 'stop', usage }
const completed: ChannelEvent = {
  type: 'dispatch-completed',
  result: { text: 'done', finishReason: 'stop' },
  usage,
}

describe.each(engines)('runs on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    key = newKey()
  })

  const claimAs = (claim: string, wake = 1, lossLimit = 5) =>
    engine.runs.claim(key, { wake, claim, tag: ids.tag(), lossLimit })
  const appendAs = (claim: string, seq: number, events: readonly ChannelEvent[], over: Partial<Append> = {}) =>
    engine.runs.append(key, { claim, seq, tag: ids.tag(), events, open: [], ...over })
  const run = async () => (await engine.runs.find([key]))[0] as Run
  const kinds = async () => {
    const page = await engine.log.read(key, null, pageLimits)
    return page?.entries.map(({ event }) => event.type)
  }

  describe('creating', () => {
    test('writes record, request and the first event at once', async () => {
      const creation = await engine.runs.create(key, newRun({ notBefore: 5_000 }))
      expect(creation.outcome).toBe('created')
      expect(creation.run).toMatchObject({
        key,
        status: 'queued',
        wake: 1,
        attempts: 0,
        model: 'demo',
        notBefore: 5_000,
        createdAt: 1_000,
        startedAt: null,
        finishedAt: null,
        result: null,
        error: null,
        usage: noUsage,
        position: { offset: 1 },
      })
      expect(await run()).toEqual(creation.run)
      expect(await kinds()).toEqual(['dispatch-queued'])
    })

    test('returns the existing run for the same input, and a conflict for another input; neither writes', async () => {
      const first = await engine.runs.create(key, newRun())
      expect(await engine.runs.create(key, newRun())).toEqual({ outcome: 'exists', run: first.run })
      const other = await engine.runs.create(key, newRun({ digest: 'digest-2' }))
      expect(other).toEqual({ outcome: 'conflict', run: first.run })
      expect(await kinds()).toEqual(['dispatch-queued'])
    })

    test('is one run when it is sent twenty times at once', async () => {
      const creations = await Promise.all(Array.from({ length: 20 }, () => engine.runs.create(key, newRun())))
      expect(creations.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
      expect(await kinds()).toEqual(['dispatch-queued'])
    })

    test('separates two accounts that chose the same channel id', async () => {
      const other = { ...key, account: 'other' as ChannelKey['account'] }
      await engine.runs.create(key, newRun())
      expect(await engine.runs.find([other])).toEqual([null])
      expect((await engine.runs.create(other, newRun({ digest: 'digest-2' }))).outcome).toBe('created')
    })
  })

  describe('claiming', () => {
    test('starts a queued run: request, facts with dispatch-started last, attempt 1', async () => {
      await engine.runs.create(key, newRun())
      const reply = await claimAs('claim-1')
      expect(reply).toMatchObject({
        outcome: 'claimed',
        claimed: { attempt: 1, open: [], request: newRun().request },
      })
      const facts = reply.outcome === 'claimed' ? reply.claimed.facts.map(({ event }) => event) : []
      expect(facts).toEqual([
        { type: 'dispatch-queued', messages: newRun().messages },
        { type: 'dispatch-started', attempt: 1, model: 'demo' },
      ])
      expect(await run()).toMatchObject({ status: 'running', attempts: 1, startedAt: expect.any(Number) })
    })

    test('ignores an unknown run, another wake, and an ended run', async () => {
      expect(await claimAs('claim-1')).toEqual({ outcome: 'stale' })
      await engine.runs.create(key, newRun())
      expect(await claimAs('claim-1', 2)).toEqual({ outcome: 'stale' })
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [completed])
      expect(await claimAs('claim-2')).toEqual({ outcome: 'stale' })
      expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'dispatch-completed'])
    })

    test('repeated after a lost reply is the same claim', async () => {
      await engine.runs.create(key, newRun())
      const first = await claimAs('claim-1')
      expect(await claimAs('claim-1')).toEqual(first)
      expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started'])
    })

    test('takes over a running run with the next attempt, and returns the half message', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [started, { type: 'text-delta', messageId: 'm2', position: 0, text: 'Hal' }], {
        open: ['m2'],
      })
      const reply = await claimAs('claim-2')
      expect(reply).toMatchObject({ outcome: 'claimed', claimed: { attempt: 2, open: ['m2'] } })
      const facts = reply.outcome === 'claimed' ? reply.claimed.facts.map(({ event }) => event.type) : []
      expect(facts).toEqual(['dispatch-queued', 'dispatch-started', 'iteration-started', 'dispatch-started'])
      // The new holder counts its appends from 1 again.
      await appendAs('claim-2', 1, [finished])
      expect((await kinds())?.at(-1)).toBe('iteration-finished')
    })

    test('ends a run that lost too many workers in a row, and voids the half message', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-0', 1, 2)
      await appendAs('claim-0', 1, [{ type: 'text-delta', messageId: 'm2', position: 0, text: 'x' }], { open: ['m2'] })
      await claimAs('claim-1', 1, 2)
      await claimAs('claim-2', 1, 2)
      expect(await claimAs('claim-3', 1, 2)).toEqual({ outcome: 'stale' })
      expect((await kinds())?.slice(-2)).toEqual(['message-discarded', 'dispatch-failed'])
      expect(await run()).toMatchObject({ status: 'failed', error: { code: 'WORKER_LOST' }, usage: noUsage })
      expect(await appendAs('claim-2', 1, [started])).toEqual({ outcome: 'fenced' })
    })

    test('counts only losses in a row: progress resets the count, a mere start does not', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-0', 1, 1)
      await claimAs('claim-1', 1, 1)
      await appendAs('claim-1', 1, [started])
      await appendAs('claim-1', 2, [finished])
      expect(await claimAs('claim-2', 1, 1)).toMatchObject({ outcome: 'claimed' })
      await appendAs('claim-2', 1, [started])
      expect(await claimAs('claim-3', 1, 1)).toEqual({ outcome: 'stale' })
    })
  })

  describe('appending', () => {
    test('is refused from anyone but the holder of the claim, and then writes nothing', async () => {
      await engine.runs.create(key, newRun())
      expect(await appendAs('claim-1', 1, [started])).toEqual({ outcome: 'fenced' })
      await claimAs('claim-1')
      await claimAs('claim-2')
      expect(await appendAs('claim-1', 1, [started])).toEqual({ outcome: 'fenced' })
      expect(await appendAs('claim-2', 1, [started])).toMatchObject({ outcome: 'applied', last: 4 })
    })

    test('repeated under its seq is applied once and returns the same reply', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      const delta = { type: 'text-delta', messageId: 'm2', position: 0, text: 'Hi' } as const
      const first = await appendAs('claim-1', 1, [delta])
      expect(await appendAs('claim-1', 1, [delta])).toEqual(first)
      expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'text-delta'])
    })

    test('is refused after a gap: a store that went back must not continue in the middle of a message', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [started])
      expect(await appendAs('claim-1', 3, [finished])).toEqual({ outcome: 'fenced' })
      expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'iteration-started'])
    })

    test('a repeated ending after a lost reply is applied once', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      const first = await appendAs('claim-1', 1, [completed])
      expect(first).toMatchObject({ outcome: 'applied' })
      expect(await appendAs('claim-1', 1, [completed])).toEqual(first)
      expect(await kinds()).toEqual(['dispatch-queued', 'dispatch-started', 'dispatch-completed'])
    })

    test('closes the record with the ending and accepts nothing after it', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [started, finished], { usage })
      expect(await run()).toMatchObject({ status: 'running', usage })
      await appendAs('claim-1', 2, [completed])
      expect(await run()).toMatchObject({
        status: 'completed',
        result: { text: 'done', finishReason: 'stop' },
        error: null,
        usage,
        finishedAt: expect.any(Number),
        position: { offset: 5 },
      })
      expect(await appendAs('claim-1', 3, [started])).toEqual({ outcome: 'ended' })
      expect((await engine.log.heads([key]))[0]).toMatchObject({ isClosed: true, last: 5 })
    })

    test('stores facts separately from deltas, at the same positions', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [started, { type: 'text-delta', messageId: 'm2', position: 0, text: 'Hi' }])
      await appendAs('claim-1', 2, [finished])
      const page = await engine.log.read(key, null, pageLimits)
      const facts = page?.entries.filter(({ event }) => event.type !== 'text-delta')
      expect(await engine.runs.facts(key)).toEqual(facts)
      expect(facts?.map(({ offset }) => offset)).toEqual([1, 2, 3, 5])
    })
  })

  describe('cancelling', () => {
    const cancel = (isForced = false, reason: string | null = 'enough') =>
      engine.runs.cancel(key, { cancellation: { reason }, isForced, tag: ids.tag() })

    test('ends a queued run at once, and its job finds nothing to do', async () => {
      await engine.runs.create(key, newRun())
      expect(await cancel()).toMatchObject({ status: 'cancelled', usage: noUsage, finishedAt: expect.any(Number) })
      const page = await engine.log.read(key, null, pageLimits)
      expect(page?.entries.at(-1)?.event).toEqual({ type: 'dispatch-cancelled', reason: 'enough', usage: noUsage })
      expect(page?.isClosed).toBe(true)
      expect(await claimAs('claim-1')).toEqual({ outcome: 'stale' })
    })

    test('marks a running run, and its worker learns of it at its next append or when it asks', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      expect(await engine.runs.cancellation(key, 'claim-1')).toBeNull()
      expect(await cancel()).toMatchObject({ status: 'running' })
      expect(await engine.runs.cancellation(key, 'claim-1')).toEqual({ reason: 'enough' })
      expect(await engine.runs.cancellation(key, 'claim-2')).toBeNull()
      const append = { outcome: 'applied', cancelled: { reason: 'enough' } }
      expect(await appendAs('claim-1', 1, [started])).toMatchObject(append)
      expect(await appendAs('claim-1', 1, [started])).toMatchObject(append)
      // Whoever asks first has given the reason.
      await cancel(false, 'again')
      expect(await engine.runs.cancellation(key, 'claim-1')).toEqual({ reason: 'enough' })
    })

    test('survives the worker: the next claim learns of it too', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await cancel(false, null)
      expect(await claimAs('claim-2')).toMatchObject({ claimed: { cancelled: { reason: null } } })
    })

    test('by force ends a running run, voids the half message, counts usage, and fences the worker', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [started, finished], { usage })
      await appendAs('claim-1', 2, [{ type: 'text-delta', messageId: 'm2', position: 0, text: 'x' }], { open: ['m2'] })
      expect(await cancel(true)).toMatchObject({ status: 'cancelled', usage })
      expect((await kinds())?.slice(-2)).toEqual(['message-discarded', 'dispatch-cancelled'])
      expect(await appendAs('claim-1', 3, [completed])).toEqual({ outcome: 'fenced' })
    })

    test('leaves an ended run alone, and returns null for an unknown run', async () => {
      expect(await cancel()).toBeNull()
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await appendAs('claim-1', 1, [completed])
      expect(await cancel(true)).toMatchObject({ status: 'completed' })
      expect((await kinds())?.at(-1)).toBe('dispatch-completed')
    })
  })

  describe('releasing', () => {
    test('returns the run to the queue under the same wake, without a loss', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1', 1, 0)
      expect(await engine.runs.release(key, 'claim-1')).toBe(true)
      expect(await run()).toMatchObject({ status: 'queued', wake: 1 })
      expect(await appendAs('claim-1', 1, [started])).toEqual({ outcome: 'fenced' })
      expect(await claimAs('claim-2', 1, 0)).toMatchObject({ outcome: 'claimed', claimed: { attempt: 2 } })
    })

    test('is refused from a worker without the claim, and for an ended run', async () => {
      await engine.runs.create(key, newRun())
      await claimAs('claim-1')
      await claimAs('claim-2')
      expect(await engine.runs.release(key, 'claim-1')).toBe(false)
      await appendAs('claim-2', 1, [completed])
      expect(await engine.runs.release(key, 'claim-2')).toBe(false)
      expect(await run()).toMatchObject({ status: 'completed' })
    })
  })
})
