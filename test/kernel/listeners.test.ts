import { expect, test } from 'vitest'
import { createListeners } from '../../src/kernel/listeners.ts'

test('those of a name are told; one that another has ended meanwhile is not; a name without any is forgotten', () => {
  const listeners = createListeners<[news: number]>()
  const told: string[] = []
  let endSecond = () => {}
  const endFirst = listeners.add('a', (news) => {
    told.push(`first ${news}`)
    endSecond()
  })
  endSecond = listeners.add('a', (news) => told.push(`second ${news}`))
  listeners.add('b', (news) => told.push(`other ${news}`))
  listeners.tell('a', 1)
  expect(told).toEqual(['first 1'])
  expect(listeners.has('a')).toBe(true)
  endFirst()
  expect(listeners.has('a')).toBe(false)
  listeners.tell('a', 2)
  listeners.tell('b', 3)
  expect(told).toEqual(['first 1', 'other 3'])
})
