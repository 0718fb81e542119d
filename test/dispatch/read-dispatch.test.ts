import { expect, test } from 'vitest'
import { createReadDispatch } from '../../src/dispatch/read-dispatch.ts'
import type { AccountId } from '../../src/kernel/ids.ts'

const account = 'acme' as AccountId

function withRate(tokens: number) {
  let left = tokens
  const rate = { take: async () => (left-- > 0 ? null : 2500) }
  return { read: createReadDispatch(rate), left: () => left }
}

test('a refused input counts as a dispatch, and one too many is LIMIT_EXCEEDED', async () => {
  const { read } = withRate(1)
  const refused = read(account, { messages: [] }, ['input'])
  await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'messages'] }] })
  const another = read(account, { messages: [] }, ['input'])
  await expect(another).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', retryAfterSeconds: 3 })
})

test('an input that is taken counts when it is dispatched, and not here', async () => {
  const { read, left } = withRate(1)
  await read(account, { messages: [{ type: 'user', text: 'Hello' }] }, ['input'])
  expect(left()).toBe(1)
})
