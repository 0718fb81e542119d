import { expect, test } from 'vitest'
import { createTurns } from '../../src/kernel/turns.ts'

/** Who is inside, in the order of admission, with the way out for each. */
function watch(places: number, perAccount: number) {
  const turns = createTurns({ places, perAccount, waiting: 3 })
  const inside: { readonly name: string; readonly leave: () => void }[] = []
  const enter = (name: string) =>
    turns.enter(name.slice(0, 1)).then((leave) => {
      inside.push({ name, leave })
    })
  const names = async () => {
    await new Promise(setImmediate)
    return inside.map(({ name }) => name)
  }
  const leave = async (name: string) => {
    const at = inside.findIndex((each) => each.name === name)
    inside.splice(at, 1)[0]?.leave()
    return names()
  }
  return { enter, names, leave }
}

test('an account that asks for many never has all places, and the next free one is another account’s', async () => {
  const { enter, names, leave } = watch(2, 1)
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) void enter(name)
  expect(await names()).toEqual(['a1', 'b1'])
  expect(await leave('a1')).toEqual(['b1', 'a2'])
  expect(await leave('a2')).toEqual(['b1', 'c1'])
  expect(await leave('c1')).toEqual(['b1', 'a3'])
  expect(await leave('b1')).toEqual(['a3', 'b2'])
})

test('each account has its own line, in the order of arrival', async () => {
  const { enter, names, leave } = watch(1, 1)
  for (const name of ['a1', 'a2', 'b1', 'a3']) void enter(name)
  expect(await names()).toEqual(['a1'])
  expect(await leave('a1')).toEqual(['a2'])
  expect(await leave('a2')).toEqual(['b1'])
  expect(await leave('b1')).toEqual(['a3'])
})

test('an account whose line is full is told so; the others are not concerned', async () => {
  const { enter, names } = watch(1, 1)
  for (const name of ['a1', 'a2', 'a3', 'a4']) void enter(name)
  await names()
  await expect(enter('a5')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', retryAfterSeconds: 1 })
  void enter('b1')
  expect(await names()).toEqual(['a1'])
})

test('whoever gives up leaves the line', async () => {
  const turns = createTurns({ places: 1, perAccount: 1, waiting: 1 })
  const leave = await turns.enter('a')
  const abort = new AbortController()
  const waiting = turns.enter('a', abort.signal)
  abort.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  const next = turns.enter('a')
  leave()
  expect(await next).toBeTypeOf('function')
})

test('a place that is given back twice is one place', async () => {
  const turns = createTurns({ places: 1, perAccount: 1, waiting: 3 })
  const leave = await turns.enter('a')
  leave()
  leave()
  await turns.enter('b')
  const third = turns.enter('c').then(() => 'inside')
  expect(await Promise.race([third, new Promise((resolve) => setImmediate(resolve, 'waiting'))])).toBe('waiting')
})
