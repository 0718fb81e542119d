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
})
