import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type AccountId,
  type ChannelId,
  type ChannelKey,
  type ConversationId,
  type ConversationKey,
  localAccount,
} from '../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

describe.each(engines)('the due list on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const entryOf = async (key: ChannelKey) =>
    (await engine.due.due(Number.MAX_SAFE_INTEGER, 1000)).find((entry) => entry.key.channel === key.channel)
  const brought = async (at: number) => {
    const key = newKey()
    await engine.due.bring(key, at)
    const entry = await entryOf(key)
    if (entry === undefined) throw new Error('It was brought.')
    return entry
  }

  test('gives what is due, oldest first, up to a limit', async () => {
    const [second, first, later] = [await brought(1_000), await brought(500), await brought(3_000)]
    expect(await engine.due.due(2_000, 10)).toEqual([first, second])
    expect(await engine.due.due(2_000, 1)).toEqual([first])
    expect(await engine.due.due(999, 10)).toEqual([first])
    for (const entry of [second, first, later]) await engine.due.drop(entry)
    expect(await engine.due.due(9_000, 10)).toEqual([])
  })

  test('an entry only moves earlier, never later', async () => {
    const entry = await brought(2_000)
    expect(entry).toEqual({ key: entry.key, at: 2_000 })
    await engine.due.bring(entry.key, 3_000)
    expect(await entryOf(entry.key)).toEqual(entry)
    await engine.due.bring(entry.key, 1_000)
    expect(await entryOf(entry.key)).toEqual({ ...entry, at: 1_000 })
  })

  test('after a look the entry moves later, unless it was brought forward meanwhile', async () => {
    const entry = await brought(2_000)
    const moved = await engine.due.move(entry, 5_000)
    expect(moved).toEqual({ ...entry, at: 5_000 })
    expect(await engine.due.move(entry, 9_000)).toBe(null)
    await engine.due.bring(entry.key, 4_000)
    if (moved === null) throw new Error('It was moved.')
    expect(await engine.due.move(moved, 9_000)).toBe(null)
    await engine.due.drop(moved)
    expect(await entryOf(entry.key)).toEqual({ ...entry, at: 4_000 })
  })
})

describe.each(engines)('the index of dispatches on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const place = (channel: string, createdAt: number) => ({ channel: channel as ChannelId, createdAt })
  const add = (account: AccountId, { channel, createdAt }: ReturnType<typeof place>) =>
    engine.runs.create({ account, channel }, newRun({ createdAt }))

  test('pages newest first, also within one millisecond, separately for each account', async () => {
    const account = 'a' as AccountId
    const places = [place('a1', 1), place('b2', 2), place('a2', 2), place('c2', 2), place('d2', 2), place('a3', 3)]
    for (const each of places) await add(account, each)
    await add('b' as AccountId, place('other', 2))
    const seen: string[] = []
    for (let before = null as ReturnType<typeof place> | null; ; ) {
      const page = await engine.index.page(account, before, 2)
      seen.push(...page.map(({ channel }) => channel))
      before = page.at(-1) ?? null
      if (page.length < 2) break
    }
    expect(seen).toEqual(['a3', 'd2', 'c2', 'b2', 'a2', 'a1'])
  })

  test('a repeated dispatch keeps its place, and places can be removed', async () => {
    const account = 'c' as AccountId
    for (const each of [place('a1', 1), place('a2', 2), place('a1', 3)]) await add(account, each)
    expect(await engine.index.page(account, null, 10)).toEqual([place('a2', 2), place('a1', 1)])
    await engine.index.remove(account, [place('a1', 1), place('unknown', 1)])
    expect(await engine.index.page(account, null, 10)).toEqual([place('a2', 2)])
  })

  test('a place that was taken again after its run was gone stays', async () => {
    const account = 'd' as AccountId
    await add(account, place('a1', 5))
    await engine.index.remove(account, [place('a1', 4)])
    expect(await engine.index.page(account, null, 10)).toEqual([place('a1', 5)])
  })
})

describe.each(engines)('the dispatches of a conversation on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const newConversation = (): ConversationKey => ({
    account: localAccount,
    conversation: ids.channelId() as string as ConversationId,
  })
  const channel = ids.channelId()
  const join = (key: ConversationKey, ticket: string) =>
    engine.lines.join(key, {
      ...{ channel, ticket, isRejoin: false, rejects: false },
      ...{ wish: null, upTo: null, contactId: null },
    })
  const leave = (key: ConversationKey, ticket: string) =>
    engine.lines.leave(key, { channel, ticket, leastAgeMs: 0, unlessShared: false, forgets: false })
  const listed = async (key: ConversationKey) => (await engine.members.page(key, null, 10)).map((it) => it.channel)

  test('one that has a place and no run yet stays, however it was seen', async () => {
    const key = newConversation()
    await join(key, 't1')
    const seen = await engine.members.page(key, null, 10)
    await engine.members.remove(key, [...seen, { channel, createdAt: null }])
    expect(await listed(key)).toEqual([channel])
    await leave(key, 't1')
    await engine.members.remove(key, [{ channel, createdAt: null }])
    expect(await listed(key)).toEqual([])
  })

  test('one that was seen in a conversation that is gone stays in the one that has come to be since', async () => {
    const key = newConversation()
    await join(key, 't1')
    await leave(key, 't1')
    const seen = await engine.members.page(key, null, 10)
    const [listing] = await conversationsOf(key)
    expect(await engine.lines.close(key)).toBe('closed')
    await engine.lines.remove(key)
    expect(await conversationsOf(key)).toEqual([])
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(seen[0]?.createdAt ?? 0))
    await join(key, 't2')
    await leave(key, 't2')
    await engine.members.remove(key, seen)
    if (listing !== undefined) await engine.conversations.remove(localAccount, [listing])
    expect(await listed(key)).toEqual([channel])
    expect(await conversationsOf(key)).toHaveLength(1)
  })

  async function conversationsOf({ conversation }: ConversationKey) {
    const all = await engine.conversations.page(localAccount, null, 100)
    return all.filter((each) => each.conversation === conversation)
  }
})
