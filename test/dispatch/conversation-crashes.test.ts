import { beforeAll, describe, expect, test } from 'vitest'
import { createAnswers } from '../../src/dispatch/answer.ts'
import { startLineSweep } from '../../src/dispatch/line/line-sweep.ts'
import { startSweep } from '../../src/dispatch/schedule/sweep.ts'
import { nameOf } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createTalk, type Talk } from '../support/run/conversations.ts'
import { Death, deathsOf, dying } from '../support/run/dying.ts'
import { lineWorkOn, takePlace } from '../support/run/line-work.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'

describe.each(engines)('a process that dies in a conversation on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  let sweeps = 0
  /** Every process that sweeps does so, later than anything is due; a place without a run is old enough to be given up. */
  const sweep = async (talk: Talk, { onlyRuns = false, due = engine.due } = {}) => {
    sweeps += 1
    const clock = () => Date.now() + sweeps * 120_000
    const queue = { add: async (job: Talk['jobs'][number]) => void talk.jobs.push(job) }
    const deps = { ...engine, due, queue, clock, onError: () => {}, intervalMs: 3_600_000, batch: 100 }
    const lineWork = lineWorkOn({ ...engine, queue }, { absentMs: 0, clock })
    const answers = createAnswers({ ...deps, ids, traceparent: () => undefined, repairMs: 5000 })
    const periods = { repairMs: 10_000, queuedMs: 60_000, waitingMs: 600_000 }
    const runs = opened(startSweep({ ...deps, ...periods, answers, lineWork }))
    const lines = opened(
      startLineSweep({ ...deps, lineDue: engine.lineDue, lineWork, removals: { finish: async () => {} } }),
    )
    for (let round = 0; round < 2; round++) {
      if (!onlyRuns) await lines.once()
      await runs.once()
    }
    await runs.close()
    await lines.close()
  }

  test('wherever it dies while it accepts a dispatch, the dispatch has its turn, or was never there', async () => {
    const outcomes = { begun: 0, absent: 0 }
    const points = await deathsOf(async (death) => {
      const { ports, hasDied } = dying(engine, death)
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      const key = newKey()
      const dead = createTalk(engine, { ...ports, key: talk.key })
      await dead.say('U2', { channelId: key.channel }).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error
      })
      await sweep(talk)
      const [second = null] = await engine.runs.find([key])
      // Not before its turn.
      if (second !== null) expect(await talk.claim(second)).toBe(false)
      const third = await talk.say('U3')
      await talk.finish(first, 'A1')
      await talk.lineWork.advance(talk.key)
      if (second !== null) {
        outcomes.begun += 1
        expect(await talk.claim(third)).toBe(false)
        expect(await talk.claim(second)).toBe(true)
        expect(await talk.transcript(second)).toEqual(['U1', 'A1', 'U2'])
        await talk.finish(second, 'A2')
        await talk.lineWork.advance(talk.key)
      } else outcomes.absent += 1
      expect(await talk.claim(third)).toBe(true)
      await talk.finish(third, 'A3')
      await talk.lineWork.advance(talk.key)
      const said = second === null ? [] : ['U2', 'A2']
      expect(await talk.kept()).toEqual(['U1', 'A1', ...said, 'U3', 'A3'])
      return hasDied()
    })
    expect(points).toBeGreaterThan(8)
    expect(outcomes.begun).toBeGreaterThan(0)
    expect(outcomes.absent).toBeGreaterThan(0)
  }, 60_000)

  test('a dispatch that was created and never begun begins, and one that ended and was never settled is settled', async () => {
    const talk = createTalk(engine)
    const key = newKey()
    // The first command that is about a held run.
    const runs = { ...engine.runs, begin: async () => Promise.reject(new Death()) }
    await expect(createTalk(engine, { runs, key: talk.key }).say('U1', { channelId: key.channel })).rejects.toThrow()
    await sweep(talk, { onlyRuns: true })
    const [run] = await engine.runs.find([key])
    if (run == null) throw new Error('There is no such run.')
    expect(await talk.claim(run)).toBe(true)
    await talk.finish(run, 'A1')
    await sweep(talk, { onlyRuns: true })
    expect(await talk.line()).toEqual([])
    expect(await talk.kept()).toEqual(['U1', 'A1'])
  })

  // Found by the fault harness: Redis went back while the sweep forgot an ended run.
  test('a place that the store has again while its ended run is forgotten is taken out', async () => {
    const talk = createTalk(engine)
    const run = await talk.say('U1')
    await talk.claim(run)
    await talk.finish(run, 'A1')
    await talk.lineWork.advance(talk.key)
    const { channel } = run.key
    const place = { channel, ticket: run.turn?.ticket ?? '', isRejoin: false, rejects: false }
    let isBack = false
    const due: typeof engine.due = {
      ...engine.due,
      async move(entry, at) {
        const isFirst = !isBack && entry.key.channel === channel
        isBack ||= isFirst
        if (isFirst) await engine.lines.join(talk.key, { ...place, wish: null, upTo: null, contactId: null })
        return engine.due.move(entry, at)
      },
    }
    await sweep(talk, { onlyRuns: true, due })
    expect(isBack).toBe(true)
    await sweep(talk, { onlyRuns: true })
    expect(await talk.line()).toEqual([])
  })

  test('wherever it dies after an ending, the next dispatch begins once, with the whole transcript', async () => {
    const points = await deathsOf(async (death) => {
      const { ports, hasDied } = dying(engine, death)
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      await talk.finish(first, 'A1')
      await talk.lineWork.advance(talk.key)
      const second = await talk.say('U2')
      const third = await talk.say('U3')
      await talk.claim(second)
      await talk.finish(second, 'A2')
      talk.jobs.length = 0
      const queue = {
        add: async (job: Talk['jobs'][number]) => ports.queue.add(job).then(() => void talk.jobs.push(job)),
      }
      await lineWorkOn({ ...ports, queue })
        .advance(talk.key)
        .catch((error: unknown) => {
          if (!(error instanceof Death)) throw error
        })
      await sweep(talk)
      expect(talk.jobs.map((job) => nameOf(job.key))).toContain(nameOf(third.key))
      expect(await talk.claim(third)).toBe(true)
      expect(await talk.transcript(third)).toEqual(['U1', 'A1', 'U2', 'A2', 'U3'])
      await talk.finish(third, 'A3')
      await talk.lineWork.advance(talk.key)
      expect(await talk.kept()).toEqual(['U1', 'A1', 'U2', 'A2', 'U3', 'A3'])
      return hasDied()
    })
    expect(points).toBeGreaterThan(12)
  }, 60_000)

  test('wherever it dies while it cuts a transcript, the dispatch begins with what is kept', async () => {
    const points = await deathsOf(async (death) => {
      const { ports, hasDied } = dying(engine, death)
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      const again = await talk.say('', { messages: [], continuesUpTo: 'U1' })
      await talk.finish(first, 'A1')
      const queue = { add: async (job: Talk['jobs'][number]) => ports.queue.add(job) }
      await lineWorkOn({ ...ports, queue })
        .advance(talk.key)
        .catch((error: unknown) => {
          if (!(error instanceof Death)) throw error
        })
      await sweep(talk)
      expect(await talk.claim(again)).toBe(true)
      expect(await talk.transcript(again)).toEqual(['U1'])
      await talk.finish(again, 'B1')
      await talk.lineWork.advance(talk.key)
      expect(await talk.kept()).toEqual(['U1', 'B1'])
      return hasDied()
    })
    expect(points).toBeGreaterThan(18)
  }, 60_000)

  test('wherever it dies, a rollback is whole or never was', async () => {
    const outcomes = { whole: 0, never: 0 }
    const points = await deathsOf(async (death) => {
      const { ports, hasDied } = dying(engine, death)
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      const queued = await talk.say('U2')
      await talk.claim(first)
      const key = newKey()
      const dead = createTalk(engine, { ...ports, key: talk.key })
      await dead.say('U3', { channelId: key.channel, whenBusy: 'rollback' }).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error
      })
      // Somebody else is quicker than the sweep.
      await talk.lineWork.advance(talk.key)
      await sweep(talk)
      const [second = null] = await engine.runs.find([key])
      const statuses = async () => [(await talk.find(first)).status, (await talk.find(queued)).status]
      if (second === null) {
        outcomes.never += 1
        expect(await statuses()).toEqual(['running', 'queued'])
        return hasDied()
      }
      outcomes.whole += 1
      expect(await statuses()).toEqual(['cancelled', 'cancelled'])
      expect(await talk.claim(second)).toBe(true)
      expect(await talk.transcript(second)).toEqual(['U3'])
      await talk.finish(second, 'A3')
      await talk.lineWork.advance(talk.key)
      expect(await talk.kept()).toEqual(['U3', 'A3'])
      return hasDied()
    })
    expect(points).toBeGreaterThan(12)
    expect(outcomes.whole).toBeGreaterThan(0)
    expect(outcomes.never).toBeGreaterThan(0)
  }, 60_000)

  test('any number of processes that move a line on at once begin each dispatch once, in order', async () => {
    const talk = createTalk(engine)
    const said: string[] = []
    const runs = await Promise.all(['U1', 'U2', 'U3', 'U4'].map((text) => talk.say(text)))
    const [line] = await engine.lines.find([talk.key])
    for (const { channel } of line?.places ?? []) {
      const run = runs.find(({ key }) => key.channel === channel)
      if (run === undefined) throw new Error('A place of another dispatch.')
      const others = runs.filter(({ key }) => key.channel !== channel)
      const claims = await Promise.all(others.map((other) => talk.claim(other)))
      expect(claims).toEqual([false, false, false])
      expect(await talk.claim(run)).toBe(true)
      const [question = ''] = (await talk.transcript(run)).slice(-1)
      said.push(question)
      expect(await talk.transcript(run)).toEqual(said)
      const answer = `to ${question}`
      await talk.finish(run, answer)
      said.push(answer)
      await Promise.all(Array.from({ length: 5 }, () => talk.lineWork.advance(talk.key)))
    }
    expect(await talk.kept()).toEqual(said)
    expect(await talk.line()).toEqual([])
  })

  test('a run is not created once its place may have been given up', async () => {
    const talk = createTalk(engine)
    await talk.say('U1')
    const key = newKey()
    const turn = { conversation: talk.key.conversation, ticket: ids.nonce(), createBy: Date.now() - 5000 }
    await takePlace(engine, key, turn)
    await expect(engine.runs.create(key, newRun({ turn }))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await engine.runs.find([key])).toEqual([null])
  })

  test('a run begins under the ticket of its own place only', async () => {
    const talk = createTalk(engine)
    const key = newKey()
    const turn = { conversation: talk.key.conversation, ticket: 'its-own', createBy: Date.now() + 60_000 }
    await takePlace(engine, key, turn)
    await engine.runs.create(key, newRun({ turn }))
    const begin = { ...turn, transcript: null, refusal: null, bytes: 0, tag: ids.tag() }
    const begun = await engine.runs.begin(key, { ...begin, ticket: 'of-an-earlier-place' })
    expect(begun?.turn?.isHeld).toBe(true)
    expect((await engine.runs.begin(key, { ...begin, ticket: 'its-own' }))?.turn?.isHeld).toBe(false)
  })

  test('a held run whose line has forgotten it joins again, and one that was settled does not', async () => {
    const talk = createTalk(engine)
    const key = newKey()
    const turn = { conversation: talk.key.conversation, ticket: ids.nonce(), createBy: Date.now() + 60_000 }
    await takePlace(engine, key, turn)
    const { run } = await engine.runs.create(key, newRun({ turn }))
    const place = { channel: key.channel, ticket: turn.ticket }
    await engine.lines.leave(talk.key, { ...place, leastAgeMs: 0, unlessShared: false, forgets: true })
    expect(await talk.line()).toBe(null)
    await talk.lineWork.mend(run)
    expect(await talk.claim(run)).toBe(true)
    await talk.finish(run, 'A1')
    await talk.lineWork.advance(talk.key)
    // Somebody who had found it held comes late.
    await talk.lineWork.mend(run)
    expect(await talk.line()).toEqual([])
    expect(await talk.kept()).toEqual(['Hello', 'A1'])
  })

  test('a held run whose place was settled for an ending that the store has lost has its turn', async () => {
    const talk = createTalk(engine)
    const key = newKey()
    const turn = { conversation: talk.key.conversation, ticket: ids.nonce(), createBy: Date.now() + 60_000 }
    await takePlace(engine, key, turn)
    const { run } = await engine.runs.create(key, newRun({ turn }))
    const place = { channel: key.channel, ticket: turn.ticket }
    // As an earlier release settles it.
    await engine.lines.leave(talk.key, { ...place, leastAgeMs: 0, unlessShared: false, forgets: false })
    await talk.lineWork.mend(run)
    expect(await talk.claim(run)).toBe(true)
  })
})
