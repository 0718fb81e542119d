import { expect, test } from 'vitest'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import type { Append, AppendReply } from '../../src/dispatch/run-store.ts'
import { ClaimLost, createEventWriter } from '../../src/worker/event-writer.ts'

/** A store whose replies the test gives. */
function createSlowStore() {
  const appends: Append[] = []
  const replies: PromiseWithResolvers<AppendReply>[] = []
  let last = 0
  const append = (append: Append) => {
    appends.push(append)
    const reply = Promise.withResolvers<AppendReply>()
    replies.push(reply)
    return reply.promise
  }
  return {
    append,
    appends,
    async reply(reply?: AppendReply) {
      // The writer sends in a later microtask.
      while (replies.length === 0) await Promise.resolve()
      last += 1
      replies.shift()?.resolve(reply ?? applied(last, { entries: last, bytes: last }))
    },
    fail: async (error: Error) => {
      while (replies.length === 0) await Promise.resolve()
      replies.shift()?.reject(error)
    },
  }
}

function applied(last: number, own: { readonly entries: number; readonly bytes: number }) {
  return { outcome: 'applied', last, own, cancelled: null, isAccountFull: false } as const
}

function open(limits = { maxEntries: 100, maxBytes: 100 }) {
  const store = createSlowStore()
  let tags = 0
  const writer = createEventWriter({
    claim: 'claim-1',
    open: ['old'],
    lastFact: { offset: 3, tag: 'claimed', at: 1, event: { type: 'dispatch-started', attempt: 1, model: 'm' } },
    cancelled: null,
    append: store.append,
    tag: () => `tag${++tags}`,
    limits,
  })
  return { store, writer }
}

const delta = (position: number, text: string, messageId = 'm1') =>
  ({ type: 'text-delta', messageId, position, text }) as const
const started: ChannelEvent & { type: 'iteration-started' } = { type: 'iteration-started', iteration: 1 }
const completed = { type: 'message-completed', message: { id: 'm1', type: 'bot', text: 'One two' } } as const

test('only one append is in flight; events that arrive meanwhile go into the next, in order, with deltas joined', async () => {
  const { store, writer } = open()
  writer.unit([started])
  await Promise.resolve()
  writer.delta(delta(0, 'One'))
  writer.delta(delta(3, ' two'))
  writer.unit([completed, { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage }], noUsage)
  expect(store.appends).toHaveLength(1)
  await store.reply()
  await store.reply()
  await writer.flushed()
  expect(store.appends).toMatchObject([
    { claim: 'claim-1', seq: 1, tag: 'tag1', events: [started], open: ['old'] },
    {
      seq: 2,
      events: [delta(0, 'One two'), completed, { type: 'iteration-finished' }],
      open: ['old'],
      usage: noUsage,
    },
  ])
})

test('messages are open from their first delta until they are completed or discarded', async () => {
  const { store, writer } = open()
  writer.delta(delta(0, 'One two'))
  writer.delta(delta(0, 'Hm', 'm2'))
  expect(writer.open).toEqual(['old', 'm1', 'm2'])
  writer.unit([completed, { type: 'message-discarded', messageId: 'old' }])
  expect(writer.open).toEqual(['m2'])
  await store.reply()
  await writer.flushed()
  expect(store.appends[0]?.open).toEqual(['m2'])
})

test.each(['fenced', 'ended'] as const)('stops when the store answers %s, and writes nothing more', async (outcome) => {
  const { store, writer } = open()
  writer.unit([started])
  await store.reply({ outcome })
  await expect(writer.flushed()).rejects.toBeInstanceOf(ClaimLost)
  expect(writer.stopped.aborted).toBe(true)
  writer.unit([started])
  await expect(writer.flushed()).rejects.toBeInstanceOf(ClaimLost)
  expect(store.appends).toHaveLength(1)
})

test('passes on the error of the store', async () => {
  const { store, writer } = open()
  writer.unit([started])
  await store.fail(new Error('gone'))
  await expect(writer.flushed()).rejects.toThrow('gone')
  expect(writer.stopped.aborted).toBe(true)
})

test.each([
  ['entries', applied(100, { entries: 100, bytes: 0 }), 'log'],
  ['bytes', applied(1, { entries: 1, bytes: 100 }), 'log'],
  ['what the account has stored', { ...applied(1, { entries: 1, bytes: 1 }), isAccountFull: true }, 'account'],
] as const)('says when it is full by %s, and still takes the ending', async (_what, reply, reason) => {
  const { store, writer } = open()
  writer.unit([started])
  await store.reply(reply)
  await writer.flushed()
  expect(writer.full.reason).toBe(reason)
  writer.unit([started])
  await store.reply()
  await writer.flushed()
  expect(store.appends).toHaveLength(2)
})

test('makes a fast model wait for a slow store', async () => {
  const { store, writer } = open()
  writer.unit([started])
  await Promise.resolve()
  writer.delta(delta(0, 'x'.repeat(999_999)))
  expect(writer.room()).toBeNull()
  writer.delta(delta(999_999, 'xx'))
  const room = writer.room()
  expect(room).not.toBeNull()
  await store.reply()
  await store.reply()
  await room
  expect(writer.room()).toBeNull()
})

test('knows how much of the log is known: its own facts, and those that it was told about', async () => {
  const { store, writer } = open()
  expect(writer.known).toEqual({ seq: 0, lastTag: 'claimed' })
  writer.unit([started])
  await store.reply()
  await writer.flushed()
  expect(writer.known).toEqual({ seq: 1, lastTag: 'tag1' })
  // Deltas are no facts.
  writer.delta(delta(0, 'One'))
  await store.reply()
  await writer.flushed()
  expect(writer.known).toEqual({ seq: 2, lastTag: 'tag1' })
  writer.hasRead({ offset: 9, tag: 'of-another', at: 1, event: completed })
  expect(writer.known).toEqual({ seq: 2, lastTag: 'of-another' })
})

test('each append names the last fact of others that was read before it: the claim brought it, or a look', async () => {
  const { store, writer } = open()
  writer.unit([started])
  await store.reply()
  writer.unit([started])
  await store.reply()
  await writer.flushed()
  writer.hasRead({ offset: 9, tag: 'of-another', at: 1, event: completed })
  writer.unit([started])
  await store.reply()
  await writer.flushed()
  expect(store.appends.map(({ read }) => read)).toEqual([
    { offset: 3, tag: 'claimed' },
    undefined,
    { offset: 9, tag: 'of-another' },
  ])
})
