import { zodTextFormat } from 'openai/helpers/zod'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { engines } from '../../conformance/engines.ts'
import { dataOf, mintConversationToken } from '../../support/isolation/callers.ts'
import { listOf, openClient, polled, refused } from '../../support/openai/client.ts'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'

/** A service whose model takes forms of answers, and says these lines. */
async function start(...script: readonly ScriptedCall[]) {
  return startOn({}, ...script)
}

async function startOn(place: Readonly<Record<string, string>>, ...script: readonly ScriptedCall[]) {
  const model = { ...createScriptedModel(script), takesAnswerFormat: true }
  const env = { ...place, API_KEYS: `owner:${key}`, TOKEN_SECRET: 'a-secret-for-tokens-of-32-characters' }
  const service = await startService({ model: model.name, providers: [scriptedProvider(model)], env })
  return { service, model, client: openClient(service.url, key).client }
}

const look = {
  type: 'function',
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object', properties: {} },
  strict: false,
} as const

const asked = {
  input: 'Where is it?',
  instructions: 'Be brief.',
  tools: [look],
  tool_choice: { type: 'function', name: 'look' },
  max_tool_calls: 3,
  metadata: { of: 'mine' },
} as const

const said = {
  instructions: 'Be brief.',
  tools: [look],
  tool_choice: { type: 'function', name: 'look' },
  max_tool_calls: 3,
  metadata: { of: 'mine' },
  previous_response_id: null,
  text: { format: { type: 'text' } },
}

test.each(engines)(
  'on %s what was asked is said again, in each answer, event and replay, also after another response',
  async (_name, _open, begin) => {
    const { env } = await begin()
    const { client } = await startOn(env, { lines: [{ call: 'look' }] }, { lines: ['There.'] })
    const events = await listOf(await client.responses.create({ ...asked, tools: [look], stream: true }))
    const objects = events.flatMap((event) => ('response' in event ? [event.response] : []))
    expect(objects.map(({ status }) => status)).toEqual(['queued', 'queued', 'in_progress', 'completed'])
    for (const object of objects) expect(object).toMatchObject(said)
    const id = objects[0]?.id ?? ''
    expect(await client.responses.retrieve(id)).toMatchObject(said)
    expect(await listOf(await client.responses.retrieve(id, { stream: true }))).toEqual(events)

    const output = objects.at(-1)?.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
    const input = output?.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'here' }))
    const second = await client.responses.create({ previous_response_id: id, input: input ?? [], background: true })
    const again = { previous_response_id: id, instructions: null, tools: [], tool_choice: 'auto', max_tool_calls: null }
    expect(second).toMatchObject(again)
    expect(await polled(client, second.id)).toMatchObject({ ...again, output_text: 'There.' })
  },
)

test('an answer has the form that was asked for, which the helper parses', async () => {
  const { client, model } = await start({ lines: ['{"far":', 'true}'] })
  const format = zodTextFormat(z.object({ far: z.boolean() }), 'distance')
  const body = { input: 'How far?', text: { format } }
  const response = await client.responses.parse(body)
  expect(response.output_parsed).toEqual({ far: true })
  expect(response.text?.format).toMatchObject(JSON.parse(JSON.stringify(format)))
  const { name, schema } = format
  expect(model.calls[0]?.answerFormat).toEqual({ name, schema, description: null, isStrict: true })
  const streamed = await client.responses.stream(body).finalResponse()
  expect(streamed.output_parsed).toEqual({ far: true })
})

test('more than 64,000 characters are not said again', async () => {
  const { client } = await start({ lines: ['Yes.'] })
  const whole = await client.responses.create({ input: 'Hi', instructions: 'x'.repeat(63_900) })
  expect(whole.instructions).toHaveLength(63_900)
  expect((await client.responses.create({ input: 'Hi', instructions: 'x'.repeat(64_000) })).instructions).toBeNull()
})

test('a form that the model cannot take, or that is none, is refused by its name', async () => {
  const demo = await startService({ model: 'demo/delayMs=0' })
  const format = { type: 'json_schema', name: 'distance', schema: { type: 'object' } } as const
  const { client, requests } = openClient(demo.url)
  const { status, param, message } = await refused(client.responses.create({ input: 'Hi', text: { format } }))
  expect([status, param, requests()]).toEqual([400, 'text.format', 1])
  expect(message).toContain('demo')
  const taking = (await start({ lines: ['Yes.'] })).client
  for (const [wrong, where] of [
    [{ ...format, name: 'a b' }, 'text.format.name'],
    [{ ...format, schema: { type: 'array' } }, 'text.format.schema'],
    [{ ...format, schema: { type: 'object', properties: 3 } }, 'text.format.schema'],
    [{ ...format, other: 1 }, 'text.format.other'],
    [{ type: 'json_object' }, 'text.format.type'],
  ] as const) {
    const error = await refused(taking.responses.create({ input: 'Hi', text: { format: wrong as never } }))
    expect([error.status, error.param]).toEqual([400, where])
  }
})

test('the holder of a token sees nothing of what the account has asked, refers to nothing of it, and gives no form', async () => {
  const { service, client } = await start({ lines: ['Yes.'] })
  const conversation = 'a-conversation-of-mine'
  const { id } = await client.responses.create({ ...asked, tools: [look], conversation })
  const made = await dataOf<{ made: { id: string } }>(service.url, {
    query: 'mutation { made: createBot(input: { name: "Ada" }) { id } }',
    authorization: `Bearer ${key}`,
  })
  const token = await mintConversationToken(service.url, key, {
    conversationId: conversation,
    allow: ['DISPATCH'],
    botId: made.made.id,
  })
  const holder = openClient(service.url, token).client
  expect(await holder.responses.retrieve(id)).toMatchObject({ instructions: null, tools: [], metadata: {} })
  expect(JSON.stringify(await listOf(await holder.responses.retrieve(id, { stream: true })))).not.toContain('brief')
  const elsewhere = await client.responses.create({ input: 'Hi', conversation: 'another-conversation-of-mine' })
  const reference = { type: 'item_reference', id: elsewhere.output[0]?.id ?? '' } as const
  const closed = await refused(holder.responses.create({ input: [reference], conversation }))
  // It is not opened, so that nothing is said of what it holds.
  expect([closed.status, closed.param]).toEqual([403, null])
  const format = { type: 'json_schema', name: 'distance', schema: { type: 'object' } } as const
  const { status, param } = await refused(holder.responses.create({ input: 'Hi', conversation, text: { format } }))
  expect([status, param]).toEqual([403, 'text.format'])
})
