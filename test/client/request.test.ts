import { createBackchannel } from 'backchannel-client'
import { request } from 'backchannel-client/request'
import { beforeAll, expect, test } from 'vitest'
import { opened } from '../support/lifetime/opened.ts'
import { type Service, startService } from '../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
let service: Service
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `owner:${key}` } })
})

/** Loses the answers to the first requests: the server has carried them out. */
function losing(answers: number) {
  let sent = 0
  const lossy: typeof fetch = async (...args) => {
    const response = await fetch(...args)
    sent += 1
    if (sent > answers) return response
    await response.arrayBuffer()
    throw new TypeError('The answer is lost.')
  }
  return { lossy, sent: () => sent }
}

const open = (credentials: string, fetch?: typeof globalThis.fetch) =>
  opened(createBackchannel({ url: `${service.url}/graphql`, credentials, fetch }))

const createBot = 'mutation Create($name: String) { createBot(input: { name: $name }) { id name } }'

test('asks for a lost answer again, with the credential of the client', async () => {
  const { lossy, sent } = losing(1)
  expect(await request(open(key, lossy), '{ models { id } }', {})).toMatchObject({ models: [{ id: 'demo' }] })
  expect(sent()).toBe(2)
})

test('sends what would act twice once', async () => {
  const { lossy, sent } = losing(1)
  const creating = request(open(key, lossy), createBot, { name: 'Ada' }, { isOnce: true })
  await expect(creating).rejects.toMatchObject({ name: 'BackchannelError', code: 'NETWORK' })
  expect(sent()).toBe(1)
  const bots = await request(open(key), '{ bots { edges { node { name } } } }', {})
  expect(bots).toEqual({ bots: { edges: [{ node: { name: 'Ada' } }] } })
})

test('rejects with what the server refuses', async () => {
  await expect(request(open('another key'), '{ models { id } }', {})).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: 'The credential is not valid.',
  })
})
