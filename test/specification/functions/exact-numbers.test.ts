import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { engines } from '../../conformance/engines.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

// Ids of many services have more digits than a number of JavaScript's can hold. Texts are compared, because reading them rounds.
const id = '12345678901234567890'
const args = `{"id":${id}}`
const look = `{ name: "look", description: "Looks.", parameters: { type: "object", properties: { id: { type: "integer" } } }, result: { data: { of: ${id} } } }`

describe.each(engines)('whole numbers keep their digits, on %s', (_name, _open, start) => {
  let place: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    place = await startExtendedService(start)
  })

  const post = async (path: string, body: string, accept = 'application/json') => {
    const headers = { 'content-type': 'application/json', accept }
    const response = await fetch(`${place.service.url}${path}`, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }
  const graphqlText = (query: string, variables = '{}') =>
    post('/graphql', `{"query":${JSON.stringify(query)},"variables":${variables}}`)
  const get = async (query: string, variables: string) => {
    const response = await fetch(`${place.service.url}/graphql?${new URLSearchParams({ query, variables })}`)
    return response.text()
  }
  const form = async (query: string, variables: string) => {
    const body = new URLSearchParams({ query, variables })
    return (await fetch(`${place.service.url}/graphql`, { method: 'POST', body })).text()
  }
  const channelIn = (text: string) => /"channelId":"([\w-]+)"/.exec(text)?.[1] ?? ''
  const dispatchMutation = `mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }`
  const playing = () => place.play({ lines: [{ call: 'look', arguments: args }] }, { lines: ['Well.'] })
  const ended = (channelId: string) =>
    post(
      '/graphql',
      JSON.stringify({
        query:
          'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename ... on FunctionCallRequested { call { arguments } } ... on FunctionCallCompleted { call { arguments } data } ... on DispatchQueued { messages { meta } } ... on MessageCompleted { message { meta } } } }',
        variables: { channelId },
      }),
      'text/event-stream',
    )

  /** The whole way of one run: what its model is told, and what its watchers see. */
  const judge = async (model: ReturnType<typeof playing>, channelId: string) => {
    const { text } = await ended(channelId)
    expect(text).toContain('DispatchCompleted')
    expect(text).toContain(`"call":{"arguments":${args}},"data":{"of":${id}}`)
    expect(model.calls[1]?.prompt).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ arguments: { id: BigInt(id) } }] },
      { role: 'tool', result: { of: BigInt(id) } },
    ])
    return text
  }

  test('in variables over HTTP; and the same again is the same dispatch', async () => {
    const model = playing()
    const channelId = `exact-numbers-${model.name.replace(/\W/g, '')}`
    const variables = (of: string) =>
      `{"input":{"channelId":"${channelId}","model":"${model.name}","messages":[{"type":"USER","text":"Hi","meta":{"id":${of}}}],"functions":[{"name":"look","description":"Looks.","parameters":{"type":"object","properties":{"id":{"type":"integer"}}},"result":{"data":{"of":${id}}}}]}}`
    expect((await graphqlText(dispatchMutation, variables(id))).text).toContain(channelId)
    expect(await judge(model, channelId)).toContain(`"meta":{"id":${id}}`)
    expect((await graphqlText(dispatchMutation, variables(id))).text).toContain(`"channelId":"${channelId}"`)
    expect((await graphqlText(dispatchMutation, variables('12345678901234567891'))).text).toContain('CONFLICT')
    const { text } = await graphqlText(`{ dispatch(channelId: "${channelId}") { messages { meta } } }`)
    expect(text).toContain(`"arguments":${args}`)
    const next = await place.run({ messages: [{ type: 'USER', text: 'More.' }], continues: channelId })
    expect(next.calls[0]?.prompt[1]).toMatchObject({ parts: [{ arguments: { id: BigInt(id) } }] })
  })

  test('in literals of a document', async () => {
    const model = playing()
    const { text } = await graphqlText(
      `mutation { dispatchConversation(input: { model: "${model.name}", messages: [{ type: USER, text: "Hi" }], functions: [${look}] }) { channelId } }`,
    )
    await judge(model, channelIn(text))
  })

  test('over WebSocket, in and out', async () => {
    const seen: string[] = []
    const socket = opened(
      new WebSocket(`${place.service.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
      (it) => it.close(),
    )
    socket.on('message', (data) => seen.push(String(data)))
    await new Promise((resolve) => socket.once('open', resolve))
    const until = async (wanted: RegExp) => {
      for (;;) {
        const found = seen.find((text) => wanted.test(text))
        if (found !== undefined) return found
        await new Promise((resolve) => socket.once('message', resolve))
      }
    }
    socket.send('{"type":"connection_init"}')
    await until(/connection_ack/)
    const model = playing()
    const variables = `{"input":{"model":"${model.name}","messages":[{"type":"USER","text":"Hi"}],"functions":[{"name":"look","description":"Looks.","parameters":{"type":"object"},"result":{"data":{"of":${id}}}}]}}`
    socket.send(
      `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(dispatchMutation)},"variables":${variables}}}`,
    )
    const channelId = channelIn(await until(/"channelId"/))
    const query = `subscription { channelEvents(channelId: "${channelId}") { __typename ... on FunctionCallCompleted { data } } }`
    socket.send(`{"id":"2","type":"subscribe","payload":{"query":${JSON.stringify(query)}}}`)
    expect(await until(/"data":\{"of"/)).toContain(`"data":{"of":${id}}`)
    await until(/DispatchCompleted/)
    await judge(model, channelId)
  })

  test('over the compatible API, in and out', async () => {
    const model = playing()
    const { text, status } = await post(
      '/v1/conversation/complete',
      `{"model":"${model.name}","messages":[{"type":"user","text":"Hi","meta":{"id":${id}}}],"functions":[{"name":"look","description":"Looks.","parameters":{"type":"object"},"result":{"data":{"of":${id}}}}]}`,
      'application/jsonl',
    )
    expect(status).toBe(200)
    expect(text).toContain(`"arguments":${args}`)
    expect(text).toMatch(new RegExp(`\\{\\\\?"of\\\\?":${id}\\}`))
    expect(model.calls[1]?.prompt[2]).toMatchObject({ role: 'tool', result: { of: BigInt(id) } })
  })

  test('in an answer from outside, and in what a channel is told', async () => {
    const model = playing()
    const { text } = await graphqlText(
      `mutation { dispatchConversation(input: { model: "${model.name}", messages: [{ type: USER, text: "Hi" }], functions: [{ name: "look", description: "Looks.", parameters: { type: "object" }, result: { await: true } }] }) { channelId } }`,
    )
    const channelId = channelIn(text)
    for (;;) {
      const { text: state } = await graphqlText(
        `{ dispatch(channelId: "${channelId}") { status pendingCalls { id arguments } } }`,
      )
      const callId = /"pendingCalls":\[\{"id":"([^"]+)"/.exec(state)?.[1]
      if (callId === undefined) continue
      expect(state).toContain(`"arguments":${args}`)
      const submit = `mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { __typename } }`
      await graphqlText(submit, `{"input":{"channelId":"${channelId}","callId":"${callId}","data":{"of":${id}}}}`)
      break
    }
    await judge(model, channelId)
  })

  test.each([
    ['in the address of a GET', (query: string, variables: string) => get(query, variables)],
    ['in a form', (query: string, variables: string) => form(query, variables)],
    [
      'in a text of JSON',
      (query: string, variables: string) => graphqlText(query, JSON.stringify(variables)).then(({ text }) => text),
    ],
  ])('in variables %s', async (_where, ask) => {
    // A query alone may be asked by GET; this one tells what it was given, in its refusal.
    const query = 'query ($n: Int) { dispatches(first: $n) { edges { cursor } } }'
    expect(await ask(query, `{"n":${id}}`)).toContain(id)
  })

  test('in what is published on a channel, in the log and in an answer by channel', async () => {
    const watched = `watched-${Math.random().toString(36).slice(2)}-0123456789`
    const answers = `answers-${Math.random().toString(36).slice(2)}-0123456789`
    const model = playing()
    const { text } = await graphqlText(
      `mutation { dispatchConversation(input: { model: "${model.name}", messages: [{ type: USER, text: "Hi" }], functions: [{ name: "look", description: "Looks.", parameters: { type: "object" }, result: { channel: "${answers}" } }] }) { channelId } }`,
    )
    const publish =
      'mutation ($c: ID!, $m: JSONObject!) { publishChannelMessage(channelId: $c, message: $m) { channelId } }'
    await graphqlText(publish, `{"c":"${watched}","m":{"id":${id}}}`)
    const history = `{ channelHistory(channelId: "${watched}") { events { ... on ChannelMessagePublished { payload } } } }`
    expect((await graphqlText(history)).text).toContain(`"payload":{"id":${id}}`)
    await graphqlText(publish, `{"c":"${answers}","m":{"result":{"of":${id}}}}`)
    await judge(model, channelIn(text))
  })

  test('in snapshots', async () => {
    const model = playing()
    const { text } = await graphqlText(
      `mutation { dispatchConversation(input: { model: "${model.name}", messages: [{ type: USER, text: "Hi", meta: { id: ${id} } }], functions: [${look}] }) { channelId } }`,
    )
    const channelId = channelIn(text)
    await judge(model, channelId)
    const query = `subscription { dispatchUpdates(channelId: "${channelId}") { messages { text meta } } }`
    const { text: updates } = await post('/graphql', JSON.stringify({ query }), 'text/event-stream')
    expect(updates).toContain(`"meta":{"id":${id}}`)
    expect(updates).toContain(`"arguments":${args}`)
  })

  test('in schemas: defaults, values, and what the model is told of them', async () => {
    const model = place.play({ lines: [{ call: 'look', arguments: args }] }, { lines: ['Well.'] })
    const schema = `{"type":"object","properties":{"id":{"type":"integer","default":${id},"enum":[${id}]},"x":{"const":${id}}}}`
    const { text } = await graphqlText(
      dispatchMutation,
      `{"input":{"model":"${model.name}","messages":[{"type":"USER","text":"Hi"}],"functions":[{"name":"look","description":"Looks.","parameters":${schema},"result":{"data":{"of":${id}}}}]}}`,
    )
    await judge(model, channelIn(text))
    const exact = BigInt(id)
    expect(model.calls[0]?.tools).toMatchObject([
      { parameters: { properties: { id: { default: exact, enum: [exact] }, x: { const: exact } } } },
    ])
    const demo = await graphqlText(
      dispatchMutation,
      `{"input":{"model":"demo","messages":[{"type":"USER","text":"look"}],"functions":[{"name":"look","description":"Looks.","parameters":${schema},"call":{"start":true},"result":{"data":1}}]}}`,
    )
    expect((await ended(channelIn(demo.text))).text).toContain('DispatchCompleted')
  })

  test('in stored resources, over both APIs', async () => {
    const made = await graphqlText(
      'mutation ($input: ContactInput!) { createContact(input: $input) { id meta } }',
      `{"input":{"name":"C","meta":{"id":${id}}}}`,
    )
    expect(made.text).toContain(`"meta":{"id":${id}}`)
    const contactId = /"id":"([^"]+)"/.exec(made.text)?.[1]
    for (const [path, accept] of [
      [`${contactId}/fetch`, 'application/json'],
      ['list', 'application/json'],
      ['list', 'application/jsonl'],
    ]) {
      const rest = await fetch(`${place.service.url}/v1/contact/${path}`, { headers: { accept: accept ?? '' } })
      expect(await rest.text()).toContain(`"meta":{"id":${id}}`)
    }
    expect((await post(`/v1/contact/${contactId}/update`, `{"meta":{"id":${id}1}}`)).status).toBe(200)
    expect((await graphqlText(`{ contact(id: "${contactId}") { meta } }`)).text).toContain(`"meta":{"id":${id}1}`)
    const dataset = await post('/v1/dataset/create', '{"name":"D"}')
    const datasetId = /"id":"([^"]+)"/.exec(dataset.text)?.[1]
    await post(`/v1/dataset/${datasetId}/record/create`, `{"text":"T","meta":{"id":${id}}}`)
    const records = `{ dataset(id: "${datasetId}") { records { edges { node { meta } } } } }`
    expect((await graphqlText(records)).text).toContain(`"meta":{"id":${id}}`)
  })
})
