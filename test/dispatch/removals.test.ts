import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { startLineSweep } from '../../src/dispatch/line/line-sweep.ts'
import { createRemovals } from '../../src/dispatch/line/removals.ts'
import type { Run } from '../../src/dispatch/run.ts'
import { databaseFile } from '../../src/engines/sqlite/database/folder.ts'
import { type Engine, type EnginePlace, engines, openEngine } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createTalk, type Talk } from '../support/run/conversations.ts'
import { ids } from '../support/run/runs.ts'
import { newWebhook } from '../support/run/webhooks.ts'

/** Every key that is there, and of the embedded engine how many rows each table has. */
async function everything({ env, stored }: EnginePlace): Promise<readonly string[]> {
  const folder = env['DATA_DIR']
  if (folder === undefined) return (await stored()).toSorted()
  const db = opened(new DatabaseSync(join(folder, databaseFile), { readOnly: true }), (it) => it.close())
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()
  return tables.map(({ name }) => `${name}: ${db.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.['n']}`).toSorted()
}

describe.each(engines)('removing on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  let before: readonly string[]
  beforeAll(async () => {
    place = await start()
    engine = await openEngine(place.env)
    // What stays: a conversation of the same account, and what a webhook is told of it.
    await engine.webhooks.create(createTalk(engine).key.account, newWebhook())
    await turn(createTalk(engine), 'U0')
    for (const entry of await engine.lineDue.due(Number.MAX_SAFE_INTEGER, 100)) await engine.lineDue.drop(entry)
    before = await everything(place)
  })
  const removalsFor = (talk: Talk, over: Partial<Engine> = {}) =>
    createRemovals({ ...engine, lineWork: talk.lineWork, ...over })

  async function turn(talk: Talk, text: string, input: object = {}): Promise<Run> {
    const run = await talk.say(text, input)
    await talk.claim(run)
    await talk.finish(run, `to ${text}`)
    await talk.lineWork.advance(talk.key)
    return run
  }
  /** Nothing has come to it: no key, no row, no place in an index. */
  const nothingIsLeft = () =>
    vi.waitFor(async () => expect(await everything(place)).toEqual(before), { timeout: 10_000, interval: 100 })

  test('an ended dispatch goes with everything it kept, and its cursors expire; one that has not ended stays', async () => {
    const talk = createTalk(engine)
    const removals = removalsFor(talk)
    const alone = { conversationId: null }
    const run = await talk.say('U1', alone)
    expect(await removals.dispatch(run.key)).toBe('not-ended')
    await talk.claim(run)
    await talk.finish(run, 'A1')
    const { position } = await talk.find(run)
    const next = await talk.say('U2', { ...alone, continues: run.key.channel })
    await engine.runs.cancel(next.key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    const heard: unknown[] = []
    const leave = await engine.log.watch(run.key, (signal) => heard.push(signal))
    expect(await removals.dispatch(run.key)).toBe('removed')
    await vi.waitFor(() => expect(heard).toContain('interrupted'))
    leave()
    await expect(engine.log.read(run.key, position, { maxEntries: 10, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    })
    expect(await engine.runs.find([run.key])).toEqual([null])
    // What it has said to the other stays there.
    expect(await talk.transcript(next)).toEqual(['U1', 'A1', 'U2'])
    expect(await removals.dispatch(run.key)).toBe('absent')
    expect(await removals.dispatch(next.key)).toBe('removed')
    await nothingIsLeft()
  })

  test('what was written for its dispatches by processes that died before they took it back goes with the conversation', async () => {
    const talk = createTalk(engine)
    const [one, two] = [await turn(talk, 'U1'), await turn(talk, 'U2')]
    const messages = [{ id: 'm1', type: 'bot' as const, text: 'written too late' }]
    await engine.transcripts.extend(talk.key, null, { origin: two.key.channel, messages, turns: [] })
    await engine.transcripts.branch(talk.key, { origin: one.key.channel, messages, turns: [] })
    expect(await removalsFor(talk).conversation(talk.key)).toBe('removed')
    await nothingIsLeft()
  })

  test('a conversation goes with its transcript and all its dispatches, those that were branched off included', async () => {
    const talk = createTalk(engine)
    const removals = removalsFor(talk)
    await turn(talk, 'U1')
    await turn(talk, 'U2')
    await turn(talk, '', { messages: [], continuesUpTo: 'U1' })
    const last = await talk.say('U3')
    expect(await removals.conversation(talk.key)).toBe('not-ended')
    await engine.runs.cancel(last.key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    expect(await removals.conversation(talk.key)).toBe('removed')
    expect(await removals.conversation(talk.key)).toBe('absent')
    await nothingIsLeft()
  })

  test('a dispatch of a conversation goes alone: what it has said stays in the transcript', async () => {
    const talk = createTalk(engine)
    const removals = removalsFor(talk)
    const first = await turn(talk, 'U1')
    expect(await removals.dispatch(first.key)).toBe('removed')
    const second = await talk.say('U2')
    await talk.claim(second)
    expect(await talk.transcript(second)).toEqual(['U1', 'to U1', 'U2'])
    await talk.finish(second, 'A2')
    await removals.conversation(talk.key)
    await nothingIsLeft()
  })

  test('a remover that is late takes nothing from the conversation that has come to be since', async () => {
    const talk = createTalk(engine)
    const { channel } = (await turn(talk, 'U1')).key
    // Right before the last step of the first remover, another one does all of it, and the same dispatch is made anew.
    let isLate = false
    const members = {
      ...engine.members,
      remove: async (...args: Parameters<Engine['members']['remove']>) => {
        if (!isLate) {
          isLate = true
          expect(await removalsFor(talk).conversation(talk.key)).toBe('removed')
          await turn(talk, 'U1', { channelId: channel })
        }
        return engine.members.remove(...args)
      },
    }
    expect(await removalsFor(talk, { members }).conversation(talk.key)).toBe('removed')
    expect((await engine.members.page(talk.key, null, 10)).map((it) => it.channel)).toEqual([channel])
    expect(await removalsFor(talk).conversation(talk.key)).toBe('removed')
    await nothingIsLeft()
  })

  test('a remover that is late removes no dispatch of the conversation that has come to be since', async () => {
    const talk = createTalk(engine)
    const { key } = await turn(talk, 'U1')
    // Once the first remover knows that the conversation is closed, another one does all of it, and the same dispatch is made anew.
    let isLate = false
    const runs = {
      ...engine.runs,
      remove: async (...args: Parameters<Engine['runs']['remove']>) => {
        if (!isLate) {
          isLate = true
          expect(await removalsFor(talk).conversation(talk.key)).toBe('removed')
          await turn(talk, 'U1', { channelId: key.channel })
        }
        return engine.runs.remove(...args)
      },
    }
    expect(await removalsFor(talk, { runs }).conversation(talk.key)).toBe('removed')
    expect((await engine.runs.find([key]))[0]?.status).toBe('completed')
    expect((await engine.index.page(key.account, null, 10)).map((it) => it.channel)).toContain(key.channel)
    expect(await removalsFor(talk).conversation(talk.key)).toBe('removed')
    await nothingIsLeft()
  })

  test('the sweep goes on where whoever removed a conversation has died, and nobody joins it meanwhile', async () => {
    const talk = createTalk(engine)
    await turn(talk, 'U1')
    const last = await turn(talk, 'U2')
    const died = new Error('It has died.')
    let count = 0
    const runs = {
      ...engine.runs,
      remove: async (key: Run['key']) => {
        count += 1
        if (count > 1) throw died
        return engine.runs.remove(key)
      },
    }
    await expect(removalsFor(talk, { runs }).conversation(talk.key)).rejects.toBe(died)
    await expect(talk.say('U3')).rejects.toMatchObject({ code: 'CONFLICT' })
    const { lineWork } = talk
    const clock = () => Date.now() + 120_000
    const deps = { lineDue: engine.lineDue, lineWork, removals: removalsFor(talk), clock, onError: () => {} }
    const sweep = opened(startLineSweep({ ...deps, intervalMs: 3_600_000, batch: 100 }))
    await sweep.once()
    expect(await engine.runs.find([last.key])).toEqual([null])
    await nothingIsLeft()
  })
})
