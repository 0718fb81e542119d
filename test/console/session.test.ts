import { expect, test } from 'vitest'
import { createSession } from '../../console/src/service/session.ts'

function storage(stored: string | null = null) {
  let value = stored
  return {
    getItem: () => value,
    setItem: (_key: string, next: string) => {
      value = next
    },
    removeItem: () => {
      value = null
    },
  }
}

test('a key is kept in the storage it was given, until it is forgotten', () => {
  const tab = storage()
  const session = createSession(tab)
  session.signIn('a key')
  expect(tab.getItem()).toBe('a key')
  expect(createSession(tab).getSnapshot()).toEqual({ credential: 'a key', refusal: null })
  session.signOut()
  expect(tab.getItem()).toBeNull()
})

test('a refusal of an earlier key says nothing of the one that came after it', () => {
  const session = createSession(storage('old'))
  session.signIn('new')
  session.refuse('old', 'The credential is not valid.')
  expect(session.getSnapshot()).toEqual({ credential: 'new', refusal: null })
  session.refuse('new', 'The token has expired.')
  expect(session.getSnapshot().refusal).toBe('The token has expired.')
})
