import { beforeAll, expect, test } from 'vitest'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const schema = { type: 'object', properties: { far: { type: 'boolean' } } }
const format = { name: 'distance', description: 'How far it is.', schema, isStrict: true }

let demo: Service
beforeAll(async () => {
  demo = await startService({ model: 'demo/delayMs=0/words=5' })
})

/** A service whose model takes forms of answers, and says these lines. */
async function start(...script: readonly ScriptedCall[]) {
  const model = { ...createScriptedModel(script), takesAnswerFormat: true }
  return { model, service: await startService({ model: model.name, providers: [scriptedProvider(model)] }) }
}

interface Answer {
  readonly data?: { readonly made: { readonly channelId: string } | null } | null
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly issues?: readonly { path: unknown }[] }
  }[]
}

async function dispatch({ url }: Pick<Service, 'url'>, input: object): Promise<Answer> {
  const query =
    'mutation ($input: DispatchConversationInput!) { made: dispatchConversation(input: $input) { channelId } }'
  const body = JSON.stringify({
    query,
    variables: { input: { messages: [{ type: 'USER', text: 'How far?' }], ...input } },
  })
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return (await response.json()) as Answer
}

async function ended({ url }: Pick<Service, 'url'>, channelId: string | undefined) {
  const query = 'query ($id: ID!) { dispatch(channelId: $id) { status result { text finishReason } } }'
  const read = async () => {
    const body = JSON.stringify({ query, variables: { id: channelId } })
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return ((await response.json()) as { data: { dispatch: { status: string; result: unknown } } }).data.dispatch
  }
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe('COMPLETED')
  return (await read()).result
}

const problems = ({ errors }: Answer) =>
  errors?.map(({ extensions }) => [extensions.code, extensions.issues?.map(({ path }) => path)])

test('each model call of a run has the form of its answer, also those around a function', async () => {
  const { model, service } = await start({ lines: [{ call: 'look' }] }, { lines: ['{"far":true}'] })
  const look = { name: 'look', description: 'Looks.', parameters: { type: 'object' }, result: { data: 'far' } }
  const { data } = await dispatch(service, { answerFormat: format, functions: [look] })
  expect(await ended(service, data?.made?.channelId)).toEqual({ text: '{"far":true}', finishReason: 'STOP' })
  expect(model.calls.map(({ answerFormat }) => answerFormat)).toEqual([format, format])
})

test('half of an answer in a form is not gone on with, unless that is asked for', async () => {
  const half: ScriptedCall = { lines: ['{"far":'], finish: 'length' }
  for (const [limits, calls] of [
    [null, 1],
    [{ continuations: 1 }, 2],
  ] as const) {
    const { model, service } = await start(half, { lines: ['true}'] })
    const { data } = await dispatch(service, { answerFormat: format, limits })
    await ended(service, data?.made?.channelId)
    expect([limits, model.calls.length]).toEqual([limits, calls])
  }
})

test('a model that takes none refuses it, and so is a schema that is none', async () => {
  expect(problems(await dispatch(demo, { answerFormat: format }))).toEqual([
    ['BAD_USER_INPUT', [['input', 'answerFormat']]],
  ])
  const { service } = await start({ lines: ['{}'] })
  for (const [wrong, field] of [
    [{ ...format, schema: { type: 'array' } }, 'schema'],
    [{ ...format, schema: { ...schema, required: 'far' } }, 'schema'],
    [{ ...format, name: 'how far' }, 'name'],
    [{ ...format, description: '' }, 'description'],
  ] as const) {
    const answer = await dispatch(service, { answerFormat: wrong })
    expect(problems(answer)).toEqual([['BAD_USER_INPUT', [['input', 'answerFormat', field]]]])
  }
})

test('the same dispatch with another form is another one', async () => {
  const { service } = await start({ lines: ['{}'] })
  const channelId = 'a-channel-of-this-test'
  expect((await dispatch(service, { channelId, answerFormat: format })).errors).toBeUndefined()
  expect((await dispatch(service, { channelId, answerFormat: { ...format } })).errors).toBeUndefined()
  const other = await dispatch(service, { channelId, answerFormat: { ...format, name: 'length' } })
  expect(problems(other)).toEqual([['CONFLICT', [['input', 'channelId']]]])
  expect(problems(await dispatch(service, { channelId }))).toEqual([['CONFLICT', [['input', 'channelId']]]])
})
