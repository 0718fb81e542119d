import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId, ChannelId } from '../../src/ids.ts'
import { type Engine, engines } from '../support/engines.ts'
import { newKey } from '../support/runs.ts'

describe.each(engines)('the due list on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine.close())

  test('gives what is due, oldest first, up to a limit, and keeps one time a run', async () => {
    const [first, second, third] = [newKey(), newKey(), newKey()]
    await engine.due.set(second, 1_000)
    await engine.due.set(first, 500)
    await engine.due.set(third, 3_000)
    await engine.due.set(second, 2_000)
    expect(await engine.due.due(2_000, 10)).toEqual([
      { key: first, at: 500 },
      { key: second, at: 2_000 },
    ])
    expect(await engine.due.due(2_000, 1)).toEqual([{ key: first, at: 500 }])
    await engine.due.remove(first)
    expect(await engine.due.due(1_999, 10)).toEqual([])
  })
})

describe.each(engines)('the index of dispatches on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine.close())

  const place = (channel: string, createdAt: number) => ({ channel: channel as ChannelId, createdAt })

  test('pages newest first, also through several of one millisecond, an account by itself', async () => {
    const account = 'a' as AccountId
    const places = [place('a1', 1), place('b2', 2), place('a2', 2), place('c2', 2), place('d2', 2), place('a3', 3)]
    for (const each of places) await engine.index.add(account, each)
    await engine.index.add('b' as AccountId, place('other', 2))
    const seen: string[] = []
    for (let before = null as ReturnType<typeof place> | null; ; ) {
      const page = await engine.index.page(account, before, 2)
      seen.push(...page.map(({ channel }) => channel))
      before = page.at(-1) ?? null
      if (page.length < 2) break
    }
    expect(seen).toEqual(['a3', 'd2', 'c2', 'b2', 'a2', 'a1'])
  })

  test('adds a place again without repeating it, and drops places', async () => {
    const account = 'c' as AccountId
    await engine.index.add(account, place('a1', 1))
    await engine.index.add(account, place('a1', 1))
    await engine.index.add(account, place('a2', 2))
    expect(await engine.index.page(account, null, 10)).toEqual([place('a2', 2), place('a1', 1)])
    await engine.index.remove(account, ['a1' as ChannelId, 'unknown' as ChannelId])
    expect(await engine.index.page(account, null, 10)).toEqual([place('a2', 2)])
  })
})
