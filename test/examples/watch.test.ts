import { type DocumentNode, print } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  PublishChannelMessageDocument,
  SubmitFunctionResultDocument,
  type WholeDispatchFragment,
} from '../../examples/generated/operations.ts'
import { createRetryingClient } from '../../examples/stock/graphql-ws/create-client.ts'
import { dispatch } from '../../examples/stock/graphql-ws/dispatch.ts'
import { subscribe } from '../../examples/stock/graphql-ws/subscribe.ts'
import { subscribeUpdates } from '../../examples/stock/graphql-ws/subscribe-updates.ts'
import { applyEvent, type ChannelEvent, conversationOf, emptyConversation } from '../../examples/stock/reducer.ts'
import { Refused } from '../../examples/stock/refused.ts'
import { watchExactly } from '../../examples/stock/watch-exactly.ts'
import { opened } from '../support/lifetime/opened.ts'
import { ids } from '../support/run/runs.ts'
import { type Service, startService } from '../support/service/start-service.ts'
import { dispatch as dispatchInput } from '../support/watching/watchers.ts'
import { clientNames, openClient, retrying, singleTry } from './clients.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=5/words=60' })
})

describe.each(clientNames)('the example for %s', (name) => {
  const open = () => opened(openClient[name](service, retrying))

  test('dispatches, watches to the end, and shows what the snapshot shows', async () => {
    const client = open()
    const channelId = await client.dispatch('Hello')
    let conversation = emptyConversation
    await client.subscribe({
      channelId,
      onEvent: (event) => {
        conversation = applyEvent(conversation, event)
      },
    })
    const snapshot = await client.snapshot(channelId)
    expect(conversation.status).toBe('COMPLETED')
    expect(conversation.messages.at(-1)).toMatchObject({ type: 'BOT', isComplete: true })
    expect(conversation.messages).toEqual(snapshot?.messages)
  })

  test('delivers each event once, and after a cursor what follows it', async () => {
    const client = open()
    const channelId = await client.dispatch('Hello')
    const events: ChannelEvent[] = []
    await client.subscribe({ channelId, onEvent: (event) => events.push(event) })
    expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(events.length)
    const started = events.findIndex(({ __typename }) => __typename === 'DispatchStarted')
    const rest: ChannelEvent[] = []
    await client.subscribe({
      channelId,
      after: events[started]?.cursor ?? '',
      onEvent: (event) => rest.push(event),
    })
    expect(rest[0]?.__typename).toBe('IterationStarted')
    expect(rest.at(-1)).toEqual(events.at(-1))
  })

  test('continues after a snapshot taken in the middle', async () => {
    const client = open()
    const channelId = await client.dispatch('Hello')
    let taken: ReturnType<typeof client.snapshot> | undefined
    await client.subscribe({
      channelId,
      onEvent: ({ __typename }) => {
        if (__typename === 'TextDelta') taken ??= client.snapshot(channelId)
      },
    })
    const snapshot = await taken
    if (!snapshot) throw new Error('there was a snapshot to take')
    expect(snapshot).toMatchObject({ status: 'RUNNING' })
    let conversation = conversationOf(snapshot)
    const onEvent = (event: ChannelEvent) => {
      expect(event.__typename).not.toBe('DispatchQueued')
      conversation = applyEvent(conversation, event)
    }
    await client.subscribe({ channelId, after: snapshot.cursor, onEvent })
    expect(conversation.messages).toEqual((await client.snapshot(channelId))?.messages)
  })

  test('gives a second watcher of the same client every event too', async () => {
    const client = open()
    const channelId = await client.dispatch('Hello')
    let late: Promise<void> | undefined
    const lateEvents: ChannelEvent[] = []
    await client.subscribe({
      channelId,
      onEvent: ({ __typename }) => {
        if (__typename !== 'TextDelta') return
        late ??= client.subscribe({ channelId, onEvent: (event) => lateEvents.push(event) })
      },
    })
    await late
    expect(lateEvents[0]?.__typename).toBe('DispatchQueued')
    expect(lateEvents.at(-1)?.__typename).toBe('DispatchCompleted')
  })

  test('stops on request, and the run continues', async () => {
    const client = open()
    const channelId = await client.dispatch('Hello')
    const stop = new AbortController()
    const events: ChannelEvent[] = []
    await client.subscribe({
      channelId,
      signal: stop.signal,
      onEvent: (event) => {
        events.push(event)
        if (event.__typename === 'TextDelta') stop.abort()
      },
    })
    const seen = events.length
    let ending: ChannelEvent | undefined
    await client.subscribe({
      channelId,
      onEvent: (event) => {
        ending = event
      },
    })
    expect(ending?.__typename).toBe('DispatchCompleted')
    expect(events).toHaveLength(seen)
  })

  test('rejects with the error code of a refusal and does not retry', async () => {
    const client = opened(openClient[name](service, singleTry))
    const watching = { channelId: 'too short', onEvent: () => {} }
    let tries = 0
    const refusal = watchExactly(watching, (once) => {
      tries += 1
      return client.subscribe(once)
    }).catch((error: unknown) => error)
    expect(await refusal).toBeInstanceOf(Refused)
    expect(await refusal).toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(tries).toBe(1)
  })
})

test('watching updates shows the dispatch as it grows, without a reducer, and ends with it', async () => {
  const client = opened(createRetryingClient(service.wsUrl))
  const channelId = await dispatch(client, 'Hello')
  const updates: WholeDispatchFragment[] = []
  await subscribeUpdates(client, { channelId, onUpdate: (update) => updates.push(update) })
  expect(updates.at(-1)?.status).toBe('COMPLETED')
  const answers = updates.map(({ messages }) => messages.find(({ type }) => type === 'BOT')?.text ?? '')
  expect(new Set(answers).size).toBeGreaterThan(2)
  expect(answers.filter((answer) => !updates.at(-1)?.result?.text.startsWith(answer))).toEqual([])
})

test('a view of what a run waits for answers it, with the operations of the examples', async () => {
  const ask = { name: 'ask', description: 'Asks.', parameters: { type: 'object' } }
  const on = ids.channelId()
  const channelId = await dispatchInput(service, {
    messages: [{ type: 'USER', text: 'Please call ask and listen.' }],
    functions: [
      { ...ask, result: { await: true } },
      { ...ask, name: 'listen', result: { channel: on } },
    ],
  })
  const client = opened(createRetryingClient(service.wsUrl))
  const run = async (document: DocumentNode, variables: Record<string, unknown>) => {
    const { value } = await client.iterate({ query: print(document), variables }).next()
    expect(value.errors).toBeUndefined()
  }
  let conversation = emptyConversation
  const answers: Promise<void>[] = []
  const onEvent = (event: ChannelEvent) => {
    conversation = applyEvent(conversation, event)
    const { pendingCalls } = conversation
    if (event.__typename !== 'FunctionResultAwaited' || pendingCalls.length < 2) return
    const callId = pendingCalls.find(({ answer }) => answer === 'SUBMIT')?.id
    answers.push(
      run(SubmitFunctionResultDocument, { input: { channelId, callId, data: 'asked' } }),
      run(PublishChannelMessageDocument, { channelId: on, message: { result: 'heard' } }),
    )
  }
  await subscribe(client, { channelId, onEvent })
  await Promise.all(answers)
  expect(answers).toHaveLength(2)
  expect(conversation).toMatchObject({ status: 'COMPLETED', pendingCalls: [] })
  expect(conversation.messages.at(-1)?.text).toMatch(/ask, and it answered: asked .*listen, and it answered: heard/)
})

describe('watching exactly', () => {
  const event = (cursor: string): ChannelEvent => ({ __typename: 'DispatchStarted', cursor, attempt: 1, model: 'demo' })

  test('subscribes again after the last cursor, until the run has ended', async () => {
    const asked: unknown[] = []
    const got: string[] = []
    await watchExactly({ channelId: 'c', after: 'start', onEvent: ({ cursor }) => got.push(cursor) }, async (once) => {
      asked.push(once.after)
      if (asked.length === 1) throw new Error('dropped before anything came')
      once.onEvent(event(`c${asked.length}`))
      if (asked.length < 4) throw new Error('dropped')
    })
    expect(asked).toEqual(['start', 'start', 'c2', 'c3'])
    expect(got).toEqual(['c2', 'c3', 'c4'])
  })

  test('retries UNAVAILABLE, and no other error', async () => {
    const answers = ['UNAVAILABLE', 'CURSOR_EXPIRED']
    const watching = watchExactly({ channelId: 'c', onEvent: () => {} }, async () => {
      throw new Refused([{ message: 'No.', extensions: { code: answers.shift() } }])
    })
    await expect(watching).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', message: 'No.' })
    expect(answers).toEqual([])
  })
})
