import { createServer, request as proxied } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { places } from '../../conformance/engines.ts'
import { connect, request, subscribed, unwrapped } from '../../support/chatbotkit.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

let extended: Awaited<ReturnType<typeof startExtendedService>>
beforeAll(async () => {
  extended = await startExtendedService(places.redis)
})

/** A gateway that answers 503 for the first so many requests: before our server gets them, or after it has answered. */
async function startGateway(faults: number, when: 'before' | 'after') {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    seen.push(incoming.url ?? '')
    const isFault = seen.length <= faults
    const refuse = () => outgoing.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"No."}')
    if (isFault && when === 'before') return void refuse()
    const { method, url, headers } = incoming
    const onward = proxied(new URL(url ?? '/', extended.service.url), { method, headers }, (response) => {
      if (isFault) return void response.resume().once('end', refuse)
      outgoing.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, seen, [Symbol.asyncDispose]: async () => void server.close() }
}

test.each([
  ['before it has reached the server', 'before'],
  ['after the server has accepted it', 'after'],
] as const)('a dispatch that is answered 503 three times, %s, is one run', async (_title, when) => {
  await using gateway = await startGateway(3, when)
  const { name, calls } = extended.play({ lines: ['Once.'] })
  const channelId = `sent-four-times-${when}-0123456789`
  const client = connect({ url: gateway.url })
  expect(await client.conversation.dispatch(null, request({ model: name, channelId }))).toEqual({ channelId })
  expect(gateway.seen).toEqual(Array(4).fill('/api/v1/conversation/dispatch'))
  const told = unwrapped(await subscribed(connect(extended.service), channelId))
  expect(told.map(({ type }) => type).filter((type) => type === 'completeBegin' || type === 'result')).toEqual([
    'completeBegin',
    'result',
  ])
  expect(calls).toHaveLength(1)
})

test('the same id with another input is refused, once', async () => {
  await using gateway = await startGateway(0, 'before')
  const channelId = 'of-two-inputs-0123456789abc'
  const { name } = extended.play({ lines: ['Once.'] })
  const client = connect({ url: gateway.url })
  await client.conversation.dispatch(null, request({ model: name, channelId }))
  const other = client.conversation.dispatch(null, request({ model: name, channelId, backstory: 'Other.' }))
  await expect(other).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(gateway.seen).toHaveLength(2)
})

test.each([
  ['an unknown model', { model: 'nobody:nothing' }, 'BAD_REQUEST'],
  ['a bot that is not there', { botId: 'bot_0123456789012345678901' }, 'NOT_FOUND'],
  ['a contact that is not there', { contactId: 'contact_0123456789012345678901' }, 'NOT_FOUND'],
  ['a short channel id', { channelId: 'short' }, 'BAD_REQUEST'],
  ['no messages', { messages: [] }, 'BAD_REQUEST'],
  ['an unknown key', { modle: 'demo' }, 'BAD_REQUEST'],
])('%s is refused at once, and not asked for again', async (_title, fields, code) => {
  await using gateway = await startGateway(0, 'before')
  const refused = connect({ url: gateway.url }).conversation.dispatch(null, request(fields))
  await expect(refused).rejects.toMatchObject({ name: 'FetchError', code, message: expect.stringMatching(/./) })
  expect(gateway.seen).toHaveLength(1)
})
