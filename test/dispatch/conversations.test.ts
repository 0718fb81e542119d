import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lineBounds } from '../../src/dispatch/line/line.ts'
import type { Run } from '../../src/dispatch/run.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createTalk, type Talk } from '../support/run/conversations.ts'
import { lineWorkOn } from '../support/run/line-work.ts'
import { ids } from '../support/run/runs.ts'
import { cells, type Doing } from './busy-cells.ts'

const bring: Record<Doing, (talk: Talk, first: Run) => Promise<unknown>> = {
  queued: async () => {},
  running: (talk, first) => talk.claim(first),
  waiting: async (talk, first) => {
    await talk.claim(first)
    expect(await talk.park(first)).toBe('parked')
  },
  paused: async (talk, first) => {
    await talk.claim(first)
    expect(await talk.pause(first)).toBe('parked')
  },
  // Its ending is written, and whoever wrote it has not moved the line on.
  ending: async (talk, first) => {
    await talk.claim(first)
    await talk.finish(first, 'A1')
  },
}

const finish: Record<Doing, (talk: Talk, first: Run) => Promise<unknown>> = {
  queued: async (talk, first) => {
    await talk.claim(first)
    await talk.finish(first, 'A1')
  },
  running: (talk, first) => talk.finish(first, 'A1'),
  waiting: async (talk, first) => {
    await talk.answer(first)
    await talk.claim(first)
    await talk.finish(first, 'A1')
  },
  paused: async (talk, first) => {
    await talk.raise(first)
    await talk.claim(first)
    await talk.finish(first, 'A1')
  },
  ending: async () => {},
}

describe.each(engines)('conversations on %s', (_name, open) => {
  let engine: Engine
  let talk: Talk
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    talk = createTalk(engine)
  })

  test('ROLLBACK leaves out all that have not ended, and their channels can still be read', async () => {
    const runs = [await talk.say('U1'), await talk.say('U2'), await talk.say('U3')] as const
    await talk.claim(runs[0])
    await talk.finish(runs[0], 'A1')
    await talk.lineWork.advance(talk.key)
    await talk.claim(runs[1])
    const last = await talk.say('U4', { whenBusy: 'rollback' })
    await talk.stop(runs[1], 'Half of A2')
    await talk.lineWork.advance(talk.key)
    expect(await talk.claim(last)).toBe(true)
    expect(await talk.transcript(last)).toEqual(['U1', 'A1', 'U4'])
    expect(await talk.transcript(runs[1])).toEqual(['U1', 'A1', 'U2', 'Half of A2'])
    expect(await talk.transcript(runs[2])).toEqual(['U3'])
  })

  test('a dispatch that ends by itself before its cancellation reaches it stays in the transcript', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    const second = await talk.say('U2', { whenBusy: 'rollback' })
    await talk.finish(first, 'A1')
    await talk.lineWork.advance(talk.key)
    expect(await talk.claim(second)).toBe(true)
    expect(await talk.transcript(second)).toEqual(['U1', 'A1', 'U2'])
  })

  test('a worker that does not end its run in time is not waited for', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    const second = await talk.say('U2', { whenBusy: 'interrupt' })
    expect(await talk.claim(second)).toBe(false)
    await lineWorkOn({ ...engine, queue: engine.queue }, { clock: () => Date.now() + 3000 }).advance(talk.key)
    expect(await talk.find(first)).toMatchObject({ status: 'cancelled' })
    expect(await talk.claim(second)).toBe(true)
  })

  /** Three turns, of which the messages are U1, A1, U2, A2, U3 and A3. */
  const threeTurns = async () => {
    const runs: Run[] = []
    for (const n of [1, 2, 3]) {
      const run = await talk.say(`U${n}`)
      runs.push(run)
      await talk.claim(run)
      await talk.finish(run, `A${n}`)
      await talk.lineWork.advance(talk.key)
    }
    return runs
  }
  const regenerated = { messages: [], continuesUpTo: 'U2' }

  test('an answer is asked for again: what came after its question is left out from now on, and can still be read', async () => {
    const runs = await threeTurns()
    const again = await talk.say('', regenerated)
    expect(await talk.claim(again)).toBe(true)
    expect(await talk.transcript(again)).toEqual(['U1', 'A1', 'U2'])
    await talk.finish(again, 'B2')
    await talk.lineWork.advance(talk.key)
    const next = await talk.say('U4')
    await talk.claim(next)
    expect(await talk.transcript(next)).toEqual(['U1', 'A1', 'U2', 'B2', 'U4'])
    expect(await talk.transcript(runs[2] as Run)).toEqual(['U1', 'A1', 'U2', 'A2', 'U3', 'A3'])
    await talk.finish(next, 'A4')
    await talk.lineWork.advance(talk.key)
    expect(await talk.kept()).toEqual(['U1', 'A1', 'U2', 'B2', 'U4', 'A4'])
  })

  test('a question is edited, under its own id', async () => {
    await threeTurns()
    const edited = await talk.say('U2', { continuesUpTo: 'A1' })
    await talk.claim(edited)
    expect(await talk.transcript(edited)).toEqual(['U1', 'A1', 'U2'])
    await talk.finish(edited, 'B2')
    await talk.lineWork.advance(talk.key)
    expect(await talk.kept()).toEqual(['U1', 'A1', 'U2', 'B2'])
  })

  test('the answer that is being given is asked for again', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    const again = await talk.say('', { messages: [], continuesUpTo: 'U1', whenBusy: 'interrupt' })
    await talk.stop(first, 'Half of A1')
    await talk.lineWork.advance(talk.key)
    expect(await talk.claim(again)).toBe(true)
    expect(await talk.transcript(again)).toEqual(['U1'])
  })

  test('a message that is not there is refused; one that has gone when the turn comes fails the dispatch, which adds nothing', async () => {
    await threeTurns()
    const refused = { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'continuesUpTo'] }] }
    await expect(talk.say('', { messages: [], continuesUpTo: 'nobody' })).rejects.toMatchObject(refused)
    expect(await talk.line()).toEqual([])
    const busy = await talk.say('U4')
    await talk.claim(busy)
    const first = await talk.say('U5', { continuesUpTo: 'A1' })
    const second = await talk.say('U6', { continuesUpTo: 'A3' })
    await talk.finish(busy, 'A4')
    await talk.lineWork.advance(talk.key)
    await talk.claim(first)
    await talk.finish(first, 'A5')
    await talk.lineWork.advance(talk.key)
    expect(await talk.find(second)).toMatchObject({ status: 'failed', error: { code: 'CONFLICT' } })
    expect(await talk.kept()).toEqual(['U1', 'A1', 'U5', 'A5'])
  })

  test('a dispatch that is sent again by somebody who looked before it was there is known again, whatever it has done since', async () => {
    const channelId = ids.channelId()
    const first = await talk.say('U1', { channelId })
    await talk.claim(first)
    await talk.finish(first, 'A1')
    await talk.lineWork.advance(talk.key)
    let looks = 0
    const find: Engine['runs']['find'] = async (keys) => {
      looks += 1
      return looks === 1 ? keys.map(() => null) : engine.runs.find(keys)
    }
    const other = createTalk(engine, { key: talk.key, runs: { ...engine.runs, find } })
    expect((await other.say('U1', { channelId })).key).toEqual(first.key)
    expect(await talk.line()).toEqual([])
  })

  test('whoever reads a transcript after somebody else has cut it does not take it for one without the message', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    const cut = await talk.say('', { messages: [], continuesUpTo: 'U1' })
    await talk.finish(first, 'A1')
    let reads = 0
    // Whoever has cut it dies before the dispatch begins.
    const begin: Engine['runs']['begin'] = () => Promise.reject(new Error('It has died.'))
    const read: Engine['transcripts']['read'] = async (...args) => {
      reads += 1
      if (reads === 1)
        await lineWorkOn({ ...engine, runs: { ...engine.runs, begin } })
          .advance(talk.key)
          .catch(() => {})
      return engine.transcripts.read(...args)
    }
    await lineWorkOn({ ...engine, transcripts: { ...engine.transcripts, read } }).advance(talk.key)
    expect(reads).toBeGreaterThan(0)
    expect(await talk.claim(cut)).toBe(true)
    expect(await talk.transcript(cut)).toEqual(['U1'])
  })

  test('a dispatch is continued up to a message, and as a whole, side by side', async () => {
    const [one] = await threeTurns()
    const alone = { conversationId: null, continues: one?.key.channel, messages: [] }
    const cut = await talk.say('', { ...alone, continuesUpTo: 'U1' })
    const whole = await talk.say('', alone)
    const cutAgain = await talk.say('', { ...alone, continuesUpTo: 'U1' })
    expect(await talk.transcript(cut)).toEqual(['U1'])
    expect(await talk.transcript(whole)).toEqual(['U1', 'A1'])
    expect(await talk.transcript(cutAgain)).toEqual(['U1'])
    await expect(talk.say('', { ...alone, continuesUpTo: 'U2' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(talk.say('U9', { conversationId: null, continuesUpTo: 'U1' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  test('of several that refuse to wait and come at once, one is accepted', async () => {
    const saying = ['U1', 'U2', 'U3', 'U4'].map((text) => talk.say(text, { whenBusy: 'reject' }))
    const settled = await Promise.allSettled(saying)
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect((await talk.line())?.length).toBe(1)
  })

  test('takes so many dispatches and no more', async () => {
    for (let n = 1; n <= lineBounds.places; n++) {
      const place = { channel: ids.channelId(), ticket: ids.nonce() }
      const join = { ...place, isRejoin: false, rejects: false, wish: null, upTo: null, contactId: null }
      expect((await engine.lines.join(talk.key, join)).outcome).toBe('joined')
    }
    await expect(talk.say('one too many')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect((await talk.line())?.length).toBe(lineBounds.places)
  })

  test('ends a dispatch whose turn comes in a conversation that is too long', async () => {
    const long = (n: number) => String(n).padEnd(400_000, 'x')
    const say = (n: number) => talk.say(`U${n}`, { messages: [{ type: 'user', text: long(n) }] })
    const runs = [await say(1), await say(2), await say(3)]
    for (const run of runs.slice(0, 2)) {
      expect(await talk.claim(run)).toBe(true)
      await talk.finish(run, `to ${run.key.channel}`)
      await talk.lineWork.advance(talk.key)
    }
    expect(await talk.find(runs[2] as Run)).toMatchObject({ status: 'failed', error: { code: 'LIMIT_EXCEEDED' } })
    expect(await talk.line()).toEqual([])
  })

  test('what a dispatch has said that was cancelled before its turn stays', async () => {
    const first = await talk.say('U1')
    const second = await talk.say('U2')
    const third = await talk.say('U3')
    await engine.runs.cancel(second.key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    await talk.claim(first)
    await talk.finish(first, 'A1')
    await talk.lineWork.advance(talk.key)
    expect(await talk.claim(third)).toBe(true)
    expect(await talk.transcript(third)).toEqual(['U1', 'A1', 'U2', 'U3'])
  })

  test('an id of a message that the conversation has already is refused', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    await talk.finish(first, 'A1')
    await expect(talk.say('U1')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await talk.line()).toEqual([])
  })

  test.each(cells)('$whenBusy while the first is $doing', async (cell) => {
    const { whenBusy, doing, beginsAtOnce, transcript, kept } = cell
    const first = await talk.say('U1')
    await bring[doing](talk, first)
    const saying = talk.say('U2', { whenBusy: whenBusy.toLowerCase() })
    if (beginsAtOnce === null) {
      await expect(saying).rejects.toMatchObject({ code: 'CONFLICT' })
      await finish[doing](talk, first)
      await talk.lineWork.advance(talk.key)
    } else if (beginsAtOnce === 'steers') {
      expect((await saying).key).toEqual(first.key)
      expect(await talk.line()).toEqual([first.key.channel])
      await finish[doing](talk, first)
      expect(await talk.transcript(first)).toEqual(transcript)
      await talk.lineWork.advance(talk.key)
    } else {
      const second = await saying
      expect(second.status).toBe('queued')
      if (!beginsAtOnce) {
        // Nobody can have it yet, whatever job there is.
        expect(await talk.claim(second)).toBe(false)
        expect(await talk.line()).toEqual([first.key.channel, second.key.channel])
        if (whenBusy === 'ENQUEUE') await finish[doing](talk, first)
        else await talk.stop(first, 'Half of A1')
        await talk.lineWork.advance(talk.key)
      }
      expect(talk.jobs.at(-1)).toMatchObject({ key: second.key, wake: 1 })
      expect(await talk.claim(second)).toBe(true)
      expect(await talk.transcript(second)).toEqual(transcript)
      await talk.finish(second, 'A2')
      await talk.lineWork.advance(talk.key)
    }
    expect(await talk.kept()).toEqual(kept)
    expect(await talk.line()).toEqual([])
  })
})
