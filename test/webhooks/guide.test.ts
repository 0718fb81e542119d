import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { newSigningSecret, signatureHeaders } from '../../src/webhooks/signature.ts'

const guide = readFileSync(new URL('../../docs/guides/webhooks.md', import.meta.url), 'utf8')
const secretOf = (byte: number) => newSigningSecret((length) => Buffer.alloc(length, byte))
const [present, former, other] = [secretOf(1), secretOf(2), secretOf(3)]

/** The receiver that the guide prints, with this secret. */
function receiver(secret: string): (body: string, headers: object) => unknown {
  const code = /```js\n(import .*\n)([\s\S]*?)```/.exec(guide)?.[2] ?? ''
  const make = new Function('Webhook', 'process', `${code}\nreturn receive`)
  return make(Webhook, { env: { SIGNING_SECRET: secret } })
}

const body = JSON.stringify({ type: 'dispatch.completed', data: { channelId: 'é' } })
const signed = (agoSeconds = 0) => {
  const timestamp = Math.floor(Date.now() / 1000) - agoSeconds
  return { ...signatureHeaders({ id: 'channel~tag~webhook', timestamp, body }, [present, former]) }
}

test('the receiver of the guide takes what is signed with its secret, during a rotation with either', () => {
  for (const secret of [present, former]) expect(receiver(secret)(body, signed())).toEqual(JSON.parse(body))
})

test.each<[string, () => unknown]>([
  ['another body', () => receiver(present)(body.replace('completed', 'failed'), signed())],
  ['another id', () => receiver(present)(body, { ...signed(), 'webhook-id': 'another' })],
  ['another secret', () => receiver(other)(body, signed())],
  ['what is older than five minutes', () => receiver(present)(body, signed(301))],
  [
    'what says when, but was signed for another time',
    () => {
      const timestamp = String(Math.floor(Date.now() / 1000) - 10)
      return receiver(present)(body, { ...signed(), 'webhook-timestamp': timestamp })
    },
  ],
])('it refuses %s', (_what, receive) => {
  expect(receive).toThrow()
})
