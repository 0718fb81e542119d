import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { engines } from '../../conformance/engines.ts'
import { dataOf } from '../../support/isolation/callers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

interface Conversation {
  readonly id: string
  readonly messages: readonly { readonly type: string; readonly text: string }[]
  readonly current: { readonly channelId: string; readonly status: string } | null
  readonly dispatches: { readonly edges: readonly { readonly node: { readonly channelId: string } }[] }
}

const newId = () => `conversation-${crypto.randomUUID()}`

describe.each(engines)('a conversation on %s', (_name, _open, start) => {
  let service: Service
  beforeAll(async () => {
    const place = await start()
    service = await startService({ env: place.env, model: 'demo/delayMs=0/words=3' })
  })

  const ask = <Data>(query: string, variables: object) => dataOf<Data>(service.url, { query, variables })
  const dispatch = async (conversationId: string, text: string, input: object = {}): Promise<string> => {
    const query =
      'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId dispatch { conversationId } } }'
    const messages = [{ type: 'USER', text }]
    const { dispatchConversation } = await ask<{
      dispatchConversation: { channelId: string; dispatch: { conversationId: string } }
    }>(query, { input: { conversationId, messages, ...input } })
    expect(dispatchConversation.dispatch.conversationId).toBe(conversationId)
    return dispatchConversation.channelId
  }
  const read = async (id: string, last: number | null = null) => {
    const query = `query ($id: ID!, $last: Int) { conversation(id: $id) {
      id messages(last: $last) { type text } current { channelId status } dispatches { edges { node { channelId } } } } }`
    return (await ask<{ conversation: Conversation | null }>(query, { id, last })).conversation
  }
  const untilIdle = (id: string) =>
    vi.waitFor(
      async () => {
        const conversation = await read(id)
        expect(conversation?.current).toBeNull()
        return conversation as Conversation
      },
      { timeout: 20_000 },
    )
  const asked = ({ messages }: Pick<Conversation, 'messages'>) =>
    messages.flatMap(({ type, text }) => (type === 'USER' ? [text] : []))

  test('its dispatches run one after the other, and each begins with what was said before', async () => {
    const id = newId()
    expect(await read(id)).toBeNull()
    const channels: string[] = []
    for (const text of ['one', 'two', 'three']) channels.push(await dispatch(id, text))
    const conversation = await untilIdle(id)
    expect(asked(conversation)).toEqual(['one', 'two', 'three'])
    expect(conversation.messages.map(({ type }) => type)).toEqual(['USER', 'BOT', 'USER', 'BOT', 'USER', 'BOT'])
    expect(conversation.dispatches.edges.map(({ node }) => node.channelId)).toEqual(channels.toReversed())
    expect((await read(id, 2))?.messages.map(({ type }) => type)).toEqual(['USER', 'BOT'])

    const query = `query ($channelId: ID!, $conversationId: ID!) {
      dispatch(channelId: $channelId) { messages { type text } }
      channelHistory(channelId: $channelId, first: 5) { events { __typename ... on TranscriptTaken { messages { type text } } } }
      dispatches(conversationId: $conversationId, first: 5) { edges { node { channelId } } }
      conversations(first: 1) { edges { node { id } } } }`
    const whole = await ask<{
      dispatch: Pick<Conversation, 'messages'>
      channelHistory: { events: ({ __typename: string } & Partial<Pick<Conversation, 'messages'>>)[] }
      dispatches: Conversation['dispatches']
      conversations: { edges: { node: { id: string } }[] }
    }>(query, { channelId: channels[2], conversationId: id })
    expect(whole.dispatch.messages).toEqual(conversation.messages)
    const [first, taken, started] = whole.channelHistory.events
    expect([first?.__typename, taken?.__typename, started?.__typename]).toEqual([
      'DispatchQueued',
      'TranscriptTaken',
      'DispatchStarted',
    ])
    expect(taken?.messages).toEqual(conversation.messages.slice(0, 4))
    expect(whole.dispatches).toEqual(conversation.dispatches)
    expect(whole.conversations.edges).toEqual([{ node: { id } }])
  })

  test('conversationUpdates tells a page which channel to watch next', async () => {
    const id = newId()
    const query =
      'subscription ($id: ID!) { conversationUpdates(conversationId: $id) { current { channelId status } messages { type text } } }'
    const client = opened(createClient({ url: service.wsUrl, webSocketImpl: WebSocket }), (it) => it.dispose())
    const seen: Conversation[] = []
    const watching = (async () => {
      for await (const { data } of client.iterate<{ conversationUpdates: Conversation }>({
        query,
        variables: { id },
      })) {
        if (data == null) throw new Error('An update without data.')
        seen.push(data.conversationUpdates)
        const { current } = data.conversationUpdates
        if (current === null && asked(data.conversationUpdates).length === 2) break
      }
    })()
    const slow = { model: 'demo/delayMs=20/words=20' }
    const channels = [await dispatch(id, 'one', slow), await dispatch(id, 'two', slow)]
    await watching
    const order = seen.flatMap(({ current }) => (current === null ? [] : [current.channelId]))
    expect([...new Set(order)]).toEqual(channels)
    expect(asked(seen.at(-1) as Conversation)).toEqual(['one', 'two'])
  })

  test('REJECT is a CONFLICT while it is busy; the same dispatch again is none', async () => {
    const id = newId()
    const channelId = `channel-${crypto.randomUUID()}`
    const waiting = {
      channelId,
      functions: [{ name: 'ask_human', description: 'Asks', parameters: { type: 'object' }, result: { await: true } }],
    }
    await dispatch(id, 'Please call ask_human', { ...waiting, whenBusy: 'REJECT' })
    await expect(dispatch(id, 'two', { whenBusy: 'REJECT' })).rejects.toThrow('has not ended')
    expect(await dispatch(id, 'Please call ask_human', { ...waiting, whenBusy: 'REJECT' })).toBe(channelId)
    await ask('mutation ($channelId: ID!) { cancelDispatch(channelId: $channelId) { dispatch { status } } }', {
      channelId,
    })
    await dispatch(id, 'two', { whenBusy: 'REJECT' })
    expect(asked(await untilIdle(id))).toEqual(['Please call ask_human', 'two'])
  })

  test('the compatible API goes on with it under its own path', async () => {
    const id = newId()
    await dispatch(id, 'one')
    const response = await fetch(`${service.url}/v1/conversation/${id}/complete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ type: 'user', text: 'two' }] }),
    })
    expect(response.status).toBe(200)
    expect(asked(await untilIdle(id))).toEqual(['one', 'two'])
  })
})

test('the model is asked with the whole conversation', async () => {
  const model = createScriptedModel([{ lines: ['first'] }, { lines: ['second'] }])
  const service = await startService({ model: 'scripted', providers: [scriptedProvider(model)] })
  const conversationId = newId()
  for (const text of ['one', 'two']) {
    const query = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
    await dataOf(service.url, { query, variables: { input: { conversationId, messages: [{ type: 'USER', text }] } } })
  }
  await vi.waitFor(() => expect(model.calls).toHaveLength(2), { timeout: 10_000 })
  expect(model.calls[1]?.prompt).toEqual([
    { role: 'user', text: 'one' },
    { role: 'assistant', parts: [{ type: 'text', text: 'first' }] },
    { role: 'user', text: 'two' },
  ])
})
