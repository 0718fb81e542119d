import { Validator } from '@seriousme/openapi-schema-validator'
import { OpenAPIClientAxios } from 'openapi-client-axios'
import { beforeAll, expect, test } from 'vitest'
import { startExtendedService } from '../../support/service/extended-service.ts'

let extended: Awaited<ReturnType<typeof startExtendedService>>
let document: Document
beforeAll(async () => {
  extended = await startExtendedService()
  const response = await fetch(`${extended.service.url}/openapi.json`)
  document = (await response.json()) as Document
})

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, { readonly operationId: string; readonly responses: object }>>
  readonly components: { readonly schemas: Record<string, object> }
}

/** A client made of the document alone: each operation by its id. */
async function generatedClient() {
  const server = { url: `${extended.service.url}/v1` }
  const api = new OpenAPIClientAxios({ definition: document as never, withServer: server })
  const client = await api.getClient()
  const called = new Set<string>()
  const call = async (operation: string, params: object | null, body?: object): Promise<Answer> => {
    called.add(operation)
    const run = client[operation] as (params: object | null, body?: object, config?: object) => Promise<Answer>
    const { status, data } = await run(params, body, { validateStatus: () => true })
    return { status, data }
  }
  return { call, called, operations: api.getOperations().map(({ operationId }) => operationId ?? '') }
}

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  readonly data: any
}

test('the document is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0')
  expect(await new Validator().validate(structuredClone(document) as never)).toMatchObject({ valid: true })
})

test('every operation has a unique name and documents its errors', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const names = operations.map(({ operationId }) => operationId)
  expect(names).toHaveLength(49)
  expect(new Set(names).size).toBe(names.length)
  for (const { responses } of operations) {
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '409', '429', '503']),
    )
  }
})

test('a client generated from the document reaches every operation', async () => {
  const { call, called, operations } = await generatedClient()
  const done = async (operation: string, params: object | null, body?: object) => {
    const { status, data } = await call(operation, params, body)
    expect([operation, status, data]).toEqual([operation, 200, expect.anything()])
    return data
  }
  const { name: model } = extended.play({ lines: ['Well.'] })
  const messages = [{ type: 'user', text: 'Hi' }]

  const { channelId } = await done('dispatchConversation', null, { model, messages })
  expect(await done('subscribeChannelMessages', { channelId }, {})).toContain('{"type":"nop","data":{}}\n')
  expect(await done('watchChannelMessages', { channelId, historyLength: 1 })).toContain('"type":"result"')
  expect(await done('completeConversation', null, { model, messages })).toMatchObject({ text: 'Well.' })
  const conversationId = 'conversation-of-a-client'
  const inConversation = await done('dispatchStatefulConversation', { conversationId }, { model, messages })
  expect(inConversation).toEqual({ channelId: expect.any(String) })
  const completed = await done('completeStatefulConversation', { conversationId }, { model, messages })
  expect(completed).toMatchObject({ text: 'Well.' })
  expect(await done('fetchDispatch', { channelId })).toMatchObject({ status: 'completed' })
  expect(await done('cancelDispatch', { channelId }, {})).toMatchObject({ status: 'completed' })
  expect(await done('deleteDispatch', { channelId })).toEqual({ id: channelId })
  expect(await done('deleteConversation', { conversationId })).toEqual({ id: conversationId })
  const channel = 'channel-of-a-client'
  expect(await done('publishChannelMessage', { channelId: channel }, { message: {} })).toEqual({ id: channel })
  expect(await done('ensureContact', null, { fingerprint: 'f' })).toEqual({ id: expect.stringMatching(/^contact_/) })

  expect(await done('graphql', null, { query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } })

  const bodies: Record<string, object> = { Secret: { name: 'S', value: 'v' } }
  const roundTrip = async (title: string, parentId?: string, body: object = bodies[title] ?? { name: 'N' }) => {
    const parent = parentId === undefined ? null : { parentId }
    const { id } = await done(`create${title}`, parent, body)
    await done(`update${title}`, { ...parent, id }, {})
    expect(await done(`fetch${title}`, { ...parent, id })).toMatchObject({ id })
    const { items } = await done(`list${title}s`, { ...parent, take: 100 })
    expect(items.map((item: { id: string }) => item.id)).toContain(id)
    return { id, remove: () => done(`delete${title}`, { ...parent, id }, {}) }
  }
  for (const title of ['Bot', 'Contact', 'Secret']) await (await roundTrip(title)).remove()
  const dataset = await roundTrip('Dataset')
  const record = await roundTrip('DatasetRecord', dataset.id, { text: 'Paris' })
  expect(await done('searchDataset', { datasetId: dataset.id }, { search: 'paris' })).toMatchObject({
    records: [{ id: record.id }],
  })
  const skillset = await roundTrip('Skillset')
  const ability = { name: 'say', description: 'Says.', instruction: '```echo\nhi\n```' }
  await (await roundTrip('SkillsetAbility', skillset.id, ability)).remove()
  for (const each of [record, dataset, skillset]) await each.remove()

  expect([...called].sort()).toEqual([...operations].sort())
})

test('a client generated from the document gets readable errors', async () => {
  const { call } = await generatedClient()
  expect(await call('fetchBot', { id: 'bot_1' })).toEqual({
    status: 404,
    data: { message: 'There is no bot by that id.', code: 'NOT_FOUND' },
  })
  expect(await call('dispatchConversation', null, { messages: [] })).toMatchObject({
    status: 400,
    data: { code: 'BAD_REQUEST' },
  })
})
