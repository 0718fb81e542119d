import { setTimeout as sleep } from 'node:timers/promises'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { overWebsocket } from '../support/isolation/callers.ts'
import { everything } from '../support/isolation/everything.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { startCollector } from '../support/service/collector.ts'
import { startProcess } from '../support/service/start-process.ts'
import { startEchoServer } from './echo-server.ts'
import { givenSecrets as given } from './given-secrets.ts'

export interface UsedSecrets {
  /** Those that were given, and those that were given out. */
  readonly secrets: Readonly<Record<string, string>>
  readonly places: Readonly<Record<string, string>>
  /** What the outside has been sent, to show that they were used. */
  readonly sentOut: string
}

/** Lets a whole service, of this tree or another, do all that it does with secrets, and collects all that it says anywhere. */
export async function useEverySecret(root?: string): Promise<UsedSecrets> {
  await using stack = new AsyncDisposableStack()
  const redisServer = stack.adopt(await startRedis(), ({ stop }) => stop())
  const collector = stack.adopt(await startCollector(), ({ close }) => close())
  const echo = stack.adopt(await startEchoServer(), ({ close }) => close())
  const redis = await connectRedis({ url: redisServer.url, name: 'test', patience: 'patient', onError: () => {} })
  stack.defer(() => redis.disconnect())
  await redis.config('SET', 'requirepass', given.redisPassword)
  const service = await startProcess(
    'all',
    {
      API_KEYS: `acme:${given.apiKey},beta:${given.otherKey}`,
      TOKEN_SECRET: given.tokenSecret,
      SECRETS_KEY: given.sealingKey,
      OPENAI_COMPATIBLE_BASE_URL: `http://${echo.host}/v1`,
      OPENAI_COMPATIBLE_API_KEY: given.compatibleKey,
      OPENAI_BASE_URL: `http://${echo.host}/v1`,
      OPENAI_API_KEY: given.openaiKey,
      ANTHROPIC_BASE_URL: `http://${echo.host}/v1`,
      ANTHROPIC_API_KEY: given.anthropicKey,
      REDIS_URL: redisServer.url.replace('//', `//:${given.redisPassword}@`),
      FETCH_ALLOW: echo.host,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      METRICS_PORT: '0',
      LOG_LEVEL: 'trace',
      DEFAULT_MODEL: 'demo/delayMs=0/words=5',
    },
    root,
  )
  stack.defer(async () => void (await service.kill('SIGKILL')))
  const answers = { owner: '', others: '', mintings: '' }
  const call = async (path: string, credential: string, body?: unknown, tells: keyof typeof answers = 'owner') => {
    const response = await fetch(`${service.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    answers[tells] += `${JSON.stringify([...response.headers])}\n${text}\n`
    return text
  }
  const graphql = async <Data>(
    query: string,
    variables: object,
    tells?: keyof typeof answers,
    who: string = given.apiKey,
  ) => {
    const { data } = JSON.parse(await call('/graphql', who, { query, variables }, tells)) as { data: Data }
    return data
  }

  const createSecret = 'mutation ($input: SecretInput!) { made: createSecret(input: $input) { id name type } }'
  const secretIds = [
    { name: 'the bearer', type: 'BEARER', value: given.bearerSecret },
    { name: 'the basic', type: 'BASIC', value: `${given.basicUser}:${given.basicPassword}` },
  ].map(async (input) => (await graphql<{ made: { id: string } }>(createSecret, { input })).made.id)
  const [bearer = '', basic = ''] = await Promise.all(secretIds)
  const plain: string = JSON.parse(
    await call('/v1/secret/create', given.apiKey, { name: 'the plain', value: given.plainSecret }),
  ).id
  const ability = (name: string, path: string, secretId: string) => ({
    name,
    description: `Does the ${name}`,
    instruction: `\`\`\`fetch\nurl: http://${echo.host}${path}\nheaders:\n  X-Key: \${SECRET_DEFAULT}\n\`\`\``,
    secretId,
  })
  // Endpoints are told of all that follows: of one the secret is rotated, and one fails with what it was sent.
  interface Signed {
    readonly made: { readonly webhook: { readonly id: string }; readonly signingSecret: string }
  }
  const signing: string[] = []
  const signed = async (query: string, variables: object) => {
    const { made } = await graphql<Signed>(query, variables, 'mintings')
    signing.push(made.signingSecret)
    return made.webhook.id
  }
  const createWebhook =
    'mutation ($input: WebhookInput!) { made: createWebhook(input: $input) { webhook { id } signingSecret } }'
  const good = await signed(createWebhook, { input: { url: `http://${echo.host}/ok/webhook` } })
  await signed(createWebhook, { input: { url: `http://${echo.host}/fails/webhook` } })
  await signed('mutation ($id: ID!) { made: rotateWebhookSecret(id: $id) { webhook { id } signingSecret } }', {
    id: good,
  })
  const tokens: string[] = []
  const dispatch = async (input: object) => {
    const query =
      'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId channelToken { token } } }'
    interface Data {
      readonly dispatchConversation: { readonly channelId: string; readonly channelToken: { readonly token: string } }
    }
    const whole = { messages: [{ type: 'USER', text: 'Hello' }], channelToken: { expiresInSeconds: 60 }, ...input }
    const { dispatchConversation: made } = await graphql<Data>(query, { input: whole }, 'mintings')
    tokens.push(made.channelToken.token)
    return { channelId: made.channelId, token: made.channelToken.token }
  }
  const watched = `__typename cursor ... on DispatchQueued { messages { text meta } } ... on TextDelta { text }
    ... on MessageCompleted { message { text meta } } ... on FunctionCallRequested { call { id name arguments } }
    ... on FunctionCallCompleted { data } ... on FunctionCallFailed { error { code message } }
    ... on ChannelMessagePublished { payload } ... on DispatchFailed { error { code message } }`
  const watch = async (channelId: string, credential: string, tells: keyof typeof answers = 'owner') => {
    const query = `subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { ${watched} } }`
    const authorization = `Bearer ${credential}`
    const reply = await overWebsocket(service.url, { query, variables: { channelId }, authorization })
    answers[tells] += `${JSON.stringify(reply)}\n`
  }

  // Abilities, each answered with what it sent, as an answer and as an error.
  const abilities = [
    ability('ask_bearer', '/ok/1', bearer),
    ability('ask_basic', '/ok/2', basic),
    ability('ask_plain', '/ok/3', plain),
    ability('fail_bearer', '/fails/1', bearer),
    ability('fail_basic', '/fails/2', basic),
  ]
  const withAbilities = await dispatch({
    messages: [{ type: 'USER', text: `Please call ${abilities.map(({ name }) => name).join(', ')}.` }],
    extensions: { skillsets: [{ abilities }] },
  })
  await watch(withAbilities.channelId, given.apiKey)
  await watch(withAbilities.channelId, withAbilities.token)
  // Providers that say back the key.
  for (const model of ['compatible:any', 'openai:gpt-4o', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5']) {
    const { channelId } = await dispatch({ model })
    await watch(channelId, given.apiKey)
    const body = { model, messages: [{ type: 'user', text: 'Hello' }] }
    await call('/v1/conversation/complete', given.apiKey, body)
  }
  // Answers with credentials in them, from a caller, from a channel, and declared.
  const resultChannel = 'a-channel-for-the-result'
  const functions = [
    { name: 'by_caller', description: 'Has a credential.', parameters: { type: 'object' }, result: { await: true } },
    {
      name: 'by_channel',
      description: 'Has a credential.',
      parameters: { type: 'object' },
      result: { channel: resultChannel },
    },
    {
      name: 'declared',
      description: 'Has a credential.',
      parameters: { type: 'object' },
      result: { data: { authorization: `Bearer ${given.staticBearer}` } },
    },
  ]
  const asking = await dispatch({
    messages: [{ type: 'USER', text: 'Please call by_caller, by_channel and declared.' }],
    functions,
  })
  const pending = async () => {
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status pendingCalls { id name } } }'
    interface Data {
      readonly dispatch: { readonly status: string; readonly pendingCalls: readonly { id: string; name: string }[] }
    }
    return (await graphql<Data>(query, { id: asking.channelId })).dispatch
  }
  let state = await pending()
  while (state.status !== 'WAITING') {
    await sleep(50)
    state = await pending()
  }
  const callId = state.pendingCalls.find(({ name }) => name === 'by_caller')?.id ?? ''
  const submit =
    'mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { status } } }'
  const data = { authorization: `Bearer ${given.resultBearer}` }
  await graphql(submit, { input: { channelId: asking.channelId, callId, data } })
  // Who is refused for the same.
  await graphql(submit, { input: { channelId: asking.channelId, callId, data } }, 'others', given.otherKey)
  await graphql(submit, { input: { channelId: asking.channelId, callId, data } }, 'others', asking.token)
  const message = { result: { token: given.publishedBearer } }
  await call(`/v1/channel/${resultChannel}/publish`, given.apiKey, { message })
  await watch(asking.channelId, given.apiKey)

  // Everything that can be read of it, by its account and by others, in both APIs.
  const { channelId } = asking
  const minting = 'mutation ($id: ID!) { createChannelToken(input: { channelId: $id }) { channelToken { token } } }'
  interface Minted {
    readonly createChannelToken: { readonly channelToken: { readonly token: string } }
  }
  tokens.push((await graphql<Minted>(minting, { id: channelId }, 'mintings')).createChannelToken.channelToken.token)
  await graphql(
    '{ secrets { edges { node { id name type } } } models { name } dispatches { edges { node { id } } } }',
    {},
  )
  for (const path of ['/v1/secret/list', `/v1/secret/${basic}/fetch`, `/v1/conversation/dispatch/${channelId}`]) {
    await call(path, given.apiKey)
  }
  await call(`/v1/channel/${withAbilities.channelId}/subscribe`, withAbilities.token, {})
  const readings = [
    `/v1/secret/${basic}/fetch`,
    `/v1/conversation/dispatch/${channelId}`,
    '/graphql?query={models{name}}',
  ]
  for (const credential of [given.otherKey, given.wrongKey, `${asking.token}x`, withAbilities.token]) {
    for (const path of readings) await call(path, credential, undefined, 'others')
    // Another account would watch ahead, for ever.
    if (credential !== given.otherKey) await watch(channelId, credential, 'others')
    await call('/v1/secret/create', credential, '{"name": "broken', 'others')
  }
  await call(`/graphql?query={models{name}}&authorization=${given.apiKey}`, given.wrongKey, undefined, 'others')
  for (const path of ['/health', '/ready', '/openapi.json', '/nowhere']) await call(path, given.apiKey)
  const metricsUrl: string = JSON.parse(service.log.find((line) => line.includes('"metrics"')) ?? '{}').url
  const metrics = await (await fetch(metricsUrl)).text()
  const webhooksQuery =
    '{ webhooks(first: 2) { edges { node { id url deliveries(first: 20) { edges { node { id status lastStatusCode lastError } } } } } } }'
  while (!JSON.stringify(await graphql(webhooksQuery, {})).includes('"DELIVERED"')) await sleep(50)
  await graphql(webhooksQuery, {}, 'others', given.otherKey)
  await graphql(webhooksQuery, {}, 'others', asking.token)
  const stored = await everything(redis)
  // Connections that break say where they were to go.
  const connections = async () =>
    String(await redis.call('CLIENT', 'LIST')).match(/ name=backchannel-(?!test)\S+/g)?.length
  const before = await connections()
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal')
  while ((await connections()) !== before) await sleep(50)
  await service.kill('SIGTERM')

  const places = {
    logs: service.log.join('\n'),
    'what its account is told': answers.owner,
    'what others are told': answers.others,
    'what mints tokens': answers.mintings,
    metrics,
    traces: collector.text,
    Redis: stored,
  }
  const minted = tokens.flatMap((token, n) => [
    [`token ${n}`, token],
    [`signature of token ${n}`, token.split('.')[2] ?? ''],
  ])
  const signers = signing.flatMap((secret, n) => [
    [`token ${n} of signing`, secret],
    [`token ${n} of signing, bare`, secret.replace('whsec_', '')],
  ])
  return {
    secrets: { ...given, ...Object.fromEntries([...minted, ...signers]) },
    places,
    sentOut: echo.seen.join('\n'),
  }
}
