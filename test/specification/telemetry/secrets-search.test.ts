import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { connectRedis } from '../../../src/engines/redis/connection.ts'
import { everything } from '../../support/isolation/everything.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type Act, startMockProviders } from '../../support/run/mock-providers.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

const secrets = { BEARER: 'tok-3f9a1c77e2', BASIC: 'ann:pw-8812-zq', PLAIN: 'key-55d0b1aa' } as const
const forms = (value: string) => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(value),
]
/** Also what a reader could put together from parts of them. */
const giveaways = [...Object.values(secrets).flatMap(forms), 'pw-8812-zq']

test('secrets occur only in the headers that need them: not in Redis, logs, events, errors or prompts', async () => {
  const headers: string[] = []
  const inside = opened(
    createServer((request, response) => {
      headers.push(JSON.stringify(request.headers))
      // As some servers do: it says back what it was told, once as an error.
      response.writeHead(request.url?.startsWith('/fails') ? 403 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ youSent: request.headers }))
    }),
  )
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
  const { port } = inside.address() as AddressInfo
  const redisServer = await startRedis()
  const redis = opened(
    await connectRedis({ url: redisServer.url, name: 'test', patience: 'patient', onError: () => {} }),
  )
  const asked: unknown[] = []
  const names = ['bearer_call', 'basic_call', 'plain_call', 'failing_call']
  const injected = JSON.stringify({ note: '${SECRET_DEFAULT} {{SECRET_PLAIN_ONE}} $[note]' })
  const providers = await startMockProviders('All done.', (_call, request): Act => {
    asked.push(request)
    const hasResults = JSON.stringify(request.messages).includes('youSent')
    return hasResults ? 'answer' : { calls: names.map((name) => ({ name, arguments: injected })) }
  })
  const env = {
    ...providers.env,
    REDIS_URL: redisServer.url,
    SECRETS_KEY: '11'.repeat(32),
    FETCH_ALLOW: `127.0.0.1:${port}`,
    LOG_LEVEL: 'trace',
  }
  const [api, worker] = await Promise.all([startProcess('api', env), startProcess('worker', env)])

  const create = async (type: keyof typeof secrets) => {
    const query = 'mutation ($input: SecretInput!) { createSecret(input: $input) { id } }'
    const input = { name: `${type} one`, type, value: secrets[type] }
    const { data } = await graphql<{ createSecret: { id: string } }>(api, query, { input })
    return data.createSecret.id
  }
  const [bearer, basic, plain] = [await create('BEARER'), await create('BASIC'), await create('PLAIN')]
  const fetch = (path: string, header: string) =>
    `\`\`\`fetch\nurl: http://127.0.0.1:${port}${path}?note=$[note]\nheaders:\n  ${header}\n\`\`\``
  const ability = (name: string, path: string, header: string, secretId: string | null = null) => {
    return { name, description: `Does the ${name}`, instruction: fetch(path, header), secretId }
  }
  const abilities = [
    ability('bearer_call', '/bearer', 'Authorization: ${SECRET_DEFAULT}', bearer),
    ability('basic_call', '/basic', 'Authorization: ${SECRET_DEFAULT}', basic),
    ability('plain_call', '/plain', 'X-Key: ${SECRET_PLAIN_ONE}'),
    ability('failing_call', '/fails', 'X-Key: ${SECRET_DEFAULT}', plain),
  ]
  const channelId = await dispatch(
    { url: api.url },
    { model: 'openai-chat:any', extensions: { skillsets: [{ abilities }] } },
  )
  const events = await collect(watchWebsocket({ ...api, close: async () => {} }, { channelId }))
  const { data: snapshot } = await graphql(
    api,
    `{ dispatch(channelId: "${channelId}") { result { text } messages { text meta } } secrets { edges { node { id name type } } } }`,
  )
  const stored = await everything(redis)
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')])

  // It was all done, with the secrets where they belong …
  expect(events.at(-1)).toMatchObject({ __typename: 'DispatchCompleted', result: { text: 'All done.' } })
  expect(events.filter(({ __typename }) => __typename === 'FunctionCallCompleted')).toHaveLength(3)
  expect(events.filter(({ __typename }) => __typename === 'FunctionCallFailed')).toHaveLength(1)
  const sent = headers.join('\n')
  expect(sent).toContain(`Bearer ${secrets.BEARER}`)
  expect(sent).toContain(`Basic ${Buffer.from(secrets.BASIC).toString('base64')}`)
  expect(sent.split(secrets.PLAIN)).toHaveLength(3)
  // … and nowhere else.
  const left = { events, snapshot, stored, asked, logs: [...api.log, ...worker.log] }
  for (const [where, what] of Object.entries(left)) {
    const text = typeof what === 'string' ? what : JSON.stringify(what)
    expect(text.length, where).toBeGreaterThan(100)
    for (const giveaway of giveaways) expect(text.includes(giveaway), `${giveaway} in ${where}`).toBe(false)
  }
})
