import { expect, test } from 'vitest'
import { createModelList } from '../../src/models/model-list.ts'

/** A server that answers when it is told to, and a clock that moves when it is told to. */
function startList() {
  const asked: { readonly url: string; readonly init: RequestInit; readonly answer: (response: Response) => void }[] =
    []
  const time = { now: 0 }
  const list = createModelList({
    url: 'http://models.test/v1/models',
    headers: { authorization: 'Bearer key' },
    clock: () => time.now,
    fetch: (url, init) =>
      new Promise((answer, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        asked.push({ url: String(url), init: init ?? {}, answer })
      }),
  })
  const answer = async (body: unknown, status = 200) => {
    asked.at(-1)?.answer(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }))
    // What was answered is read, looked at and kept in a few turns of the loop.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { list, asked, time, answer }
}

const two = { object: 'list', data: [{ id: 'a' }, { id: 'llama3:latest', owned_by: 'x' }] }

test('is requested at once, with the key, and empty until it arrives', async () => {
  const { list, asked, answer } = startList()
  expect(asked.map(({ url, init }) => [url, init.headers])).toEqual([
    ['http://models.test/v1/models', { authorization: 'Bearer key' }],
  ])
  expect([list.ids(), list.has('a')]).toEqual([[], null])
  await answer(two)
  expect(list.ids()).toEqual(['a', 'llama3:latest'])
  expect([list.has('a'), list.has('b'), list.has('llama3'), list.has('llama')]).toEqual([true, false, true, false])
})

test.each([
  ['is an error', { error: 'no' }, 500],
  ['is an error that looks like a list', two, 500],
  ['is no JSON', '<html>', 200],
  ['is something else', { models: [] }, 200],
  ['is empty', { object: 'list', data: [] }, 200],
  ['is null', { object: 'list', data: null }, 200],
])('an answer that %s says nothing about any name, nor takes back what is known', async (_, body, status) => {
  const { list, asked, time, answer } = startList()
  await answer(body, status)
  expect([list.ids(), list.has('a')]).toEqual([[], null])
  time.now = 2000
  list.ids()
  expect(asked).toHaveLength(2)
  await answer(two)
  time.now = 62_000
  list.ids()
  expect(asked).toHaveLength(3)
  await answer(body, status)
  expect(list.ids()).toEqual(['a', 'llama3:latest'])
})

test('is refreshed in the background, one request at a time', async () => {
  const { list, asked, time, answer } = startList()
  await answer(two)
  time.now = 59_999
  expect(list.ids()).toHaveLength(2)
  expect(asked).toHaveLength(1)
  time.now = 60_000
  expect(list.ids()).toHaveLength(2)
  expect(list.ids()).toHaveLength(2)
  expect(asked).toHaveLength(2)
  await answer({ data: [{ id: 'c' }] })
  expect(list.ids()).toEqual(['c'])
})

test('a missing name triggers a refresh soon: it may be new', async () => {
  const { list, asked, time, answer } = startList()
  await answer(two)
  expect(list.has('new')).toBe(false)
  expect(asked).toHaveLength(1)
  time.now = 2000
  expect(list.has('new')).toBe(false)
  expect(asked).toHaveLength(2)
  await answer({ data: [{ id: 'new' }] })
  expect(list.has('new')).toBe(true)
})

test('is not requested any more once it is closed', () => {
  const { list, asked, time } = startList()
  list.close()
  expect(asked[0]?.init.signal?.aborted).toBe(true)
  time.now = 100_000
  list.ids()
  expect(asked).toHaveLength(1)
})
