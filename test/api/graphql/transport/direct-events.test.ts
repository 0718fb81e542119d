import type { Socket } from 'node:net'
import { buildSchema, type ExecutionArgs, parse } from 'graphql'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import type { Principal } from '../../../../src/access/principal.ts'
import { createDirectEvents } from '../../../../src/api/graphql/transport/socket/direct-events.ts'
import type { AccountId, ChannelId } from '../../../../src/kernel/ids.ts'

const schema = buildSchema('type Query { said: String } type Subscription { said(to: String): String }')
const operation = {
  schema,
  document: parse('subscription ($to: String) { said(to: $to) }'),
  variableValues: { to: 'a' },
} as ExecutionArgs
const account: Principal = { account: 'acme' as AccountId, grant: null }
const token: Principal = {
  ...account,
  grant: { kind: 'channel', channelId: 'a' as ChannelId, allow: [], expiresAt: 0 },
}

/** A reader on a socket of its own, and what that was given. */
function reader(principal: Principal, { isOpen = true, unsent = 0 } = {}) {
  const given: string[] = []
  const websocket = { readyState: isOpen ? 1 : 3, OPEN: 1 } as WebSocket
  const tcp = { destroyed: false, writableLength: unsent, write: (bytes: Buffer) => given.push(bytes.toString()) }
  const options = { id: '1', principal, websocket, tcp: tcp as unknown as Socket }
  return { send: createDirectEvents(options, () => operation), given }
}
const roots = (...texts: readonly string[]) => texts.map((said) => ({ said }))

test('readers with the same operation share one execution, and a token has a view of its own', () => {
  const published = {}
  let executions = 0
  const counted = (text: string) => () => {
    executions += 1
    return roots(text)
  }
  const [first, second, visitor] = [reader(account), reader(account), reader(token)]
  for (const each of [first, second]) expect(each.send(published, counted('for the account'))).toBe(true)
  expect(visitor.send(published, counted('for visitors'))).toBe(true)
  expect(executions).toBe(2)
  expect(second.given).toEqual(first.given)
  expect(first.given.join()).toContain('for the account')
  expect(visitor.given.join()).toContain('for visitors')
  expect(visitor.given.join()).not.toContain('for the account')
})

test.each([
  ['whose socket has not taken all that was sent before', { unsent: 1 }],
  ['whose socket is closing', { isOpen: false }],
])('a reader %s is sent nothing, and pulls it', (_what, socket) => {
  const { send, given } = reader(account, socket)
  expect(send({}, () => roots('Hello'))).toBe(false)
  expect(given).toEqual([])
})

test('a result that is long is pulled', () => {
  const { send, given } = reader(account)
  expect(send({}, () => roots('x'.repeat(65_536)))).toBe(false)
  expect(given).toEqual([])
})
