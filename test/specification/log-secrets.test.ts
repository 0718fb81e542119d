import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectRedis } from '../../src/redis.ts'
import { startCollector } from '../support/collector.ts'
import { startRedis } from '../support/redis-server.ts'
import { type ServiceProcess, startProcess } from '../support/start-process.ts'

const given = {
  apiKey: 'acme-key-0f1e2d3c4b5a6978',
  otherKey: 'beta-key-8796a5b4c3d2e1f0',
  wrongKey: 'nobodys-key-1122334455667788',
  tokenSecret: 'token-secret-of-thirty-two-characters',
  sealingKey: '7c'.repeat(32),
  providerKey: 'provider-key-aa55aa55aa55',
  redisPassword: 'redis-pass-99887766',
  secretValue: 'tok-3f9a1c77e2d4b6',
} as const

/** Says back what it was told in all of its answers, as an error. */
async function startEcho() {
  const seen: string[] = []
  const server = createServer((request, response) => {
    const told = `You said ${request.headers.authorization}, ${request.headers['x-key']}.`
    seen.push(told)
    response.writeHead(401, { 'content-type': 'application/json', 'x-told': told })
    response.end(JSON.stringify({ error: { message: told, type: 'invalid_api_key' } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { seen, host: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

async function ask<Data>(
  api: ServiceProcess,
  credential: string,
  query: string,
  variables: object = {},
): Promise<Data> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
    body: JSON.stringify({ query, variables }),
  })
  return ((await response.json()) as { data: Data }).data
}

async function watch({ wsUrl }: ServiceProcess, credential: string, channelId: string): Promise<readonly string[]> {
  const client = createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${credential}` },
  })
  const query = `subscription { channelEvents(channelId: "${channelId}") { __typename } }`
  const names: string[] = []
  try {
    for await (const { data } of client.iterate<{ channelEvents: { __typename: string } }>({ query })) {
      names.push(data?.channelEvents.__typename ?? '')
    }
  } catch {
    // Refused: what it says of that is in no log of ours.
  }
  await client.dispose()
  return names
}

test('no key, token or secret of a whole run is in its logs, metrics or traces', async () => {
  const [redisServer, collector, echo] = await Promise.all([startRedis(), startCollector(), startEcho()])
  const redis = await connectRedis({ url: redisServer.url, name: 'test', patience: 'patient', onError: () => {} })
  await redis.config('SET', 'requirepass', given.redisPassword)
  const env = {
    API_KEYS: `acme:${given.apiKey},beta:${given.otherKey}`,
    TOKEN_SECRET: given.tokenSecret,
    SECRETS_KEY: given.sealingKey,
    OPENAI_COMPATIBLE_BASE_URL: `http://${echo.host}/v1`,
    OPENAI_COMPATIBLE_API_KEY: given.providerKey,
    REDIS_URL: redisServer.url.replace('//', `//:${given.redisPassword}@`),
    FETCH_ALLOW: echo.host,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    METRICS_PORT: '0',
    LOG_LEVEL: 'trace',
  }
  const [api, worker] = await Promise.all([startProcess('api', env), startProcess('worker', env)])

  const createSecret = 'mutation ($input: SecretInput!) { createSecret(input: $input) { id } }'
  const secret = { name: 'crm', type: 'BEARER', value: given.secretValue }
  const { createSecret: made } = await ask<{ createSecret: { id: string } }>(api, given.apiKey, createSecret, {
    input: secret,
  })
  const dispatch = `mutation ($input: DispatchConversationInput!) {
    dispatchConversation(input: $input) { channelId channelToken { token } }
  }`
  interface Dispatched {
    readonly dispatchConversation: { readonly channelId: string; readonly channelToken: { readonly token: string } }
  }
  const instruction = `\`\`\`fetch\nurl: http://${echo.host}/\nheaders:\n  X-Key: \${SECRET_DEFAULT}\n\`\`\``
  const ability = { name: 'crm', description: 'Asks the CRM.', instruction, secretId: made.id }
  const start = async (input: object) => {
    const messages = [{ type: 'USER', text: 'Please call crm.' }]
    const variables = { input: { messages, channelToken: { expiresInSeconds: 60 }, ...input } }
    return (await ask<Dispatched>(api, given.apiKey, dispatch, variables)).dispatchConversation
  }
  const withAbility = await start({
    extensions: { skillsets: [{ abilities: [ability] }] },
    model: 'demo/delayMs=0/words=5',
  })
  const withProvider = await start({ model: 'compatible:any' })
  const { token } = withAbility.channelToken
  expect((await watch(api, token, withAbility.channelId)).at(-1)).toBe('DispatchCompleted')
  expect((await watch(api, given.apiKey, withProvider.channelId)).at(-1)).toBe('DispatchFailed')
  // Those who are refused.
  expect(await watch(api, given.wrongKey, withAbility.channelId)).toEqual([])
  await ask(api, given.wrongKey, '{ models { name } }')
  await ask(api, given.otherKey, `{ dispatch(channelId: "${withAbility.channelId}") { status } }`)
  await ask(api, `${token}x`, `{ dispatch(channelId: "${withAbility.channelId}") { status } }`)
  await fetch(`${api.url}/graphql?query={models{name}}&authorization=${given.apiKey}`)
  const metrics = await Promise.all(
    [api, worker].map(async ({ log }) => {
      const { url } = JSON.parse(log.find((line) => line.includes('"metrics"')) ?? '{}') as { url: string }
      return (await fetch(url)).text()
    }),
  )
  // Connections that break say where they were to go.
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal')
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')])

  // All of them were used …
  expect(echo.seen.join('\n')).toContain(given.providerKey)
  expect(echo.seen.join('\n')).toContain(given.secretValue)
  const places = { logs: [...api.log, ...worker.log].join('\n'), metrics: metrics.join('\n'), traces: collector.text }
  expect(places.logs).toMatch(/"dispatched"[\s\S]*"request"/)
  expect(places.logs).toContain('"msg":"ended"')
  expect(places.traces).toContain('execute_tool crm')
  // … and nobody wrote them down.
  const [, , signature = ''] = token.split('.')
  expect(signature.length).toBeGreaterThan(20)
  const sealingBytes = Buffer.from(given.sealingKey, 'hex').toString('base64')
  const giveaways = [...Object.values(given), token, signature, sealingBytes].flatMap((text) => [
    text,
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
  ])
  for (const [where, text] of Object.entries(places)) {
    expect(text.length, where).toBeGreaterThan(1000)
    for (const giveaway of giveaways) expect(text.includes(giveaway), `${giveaway} in ${where}`).toBe(false)
  }
  redis.disconnect()
  await Promise.all([redisServer.stop(), collector.close(), echo.close()])
}, 60_000)
