import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import {
  all,
  connect,
  outline,
  request,
  type SdkEvent,
  subscribed,
  unwrapped,
  wireFunction,
} from '../../support/chatbotkit.ts'
import { stateOf, untilParked } from '../../support/function/function-runs.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

describe.each(engines)('functions by the unmodified SDK on %s', (_name, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })
  const client = () => connect(extended.service)
  let channels = 0
  const newChannel = () => `answers-of-${++channels}-0123456789`

  test.each([[{ plan: 'gold' }], [0], [''], [false], [null]])(
    'a static answer of %j reaches the model',
    async (data) => {
      const { name, calls } = extended.play({ lines: [{ call: 'get_plan' }] }, { lines: ['Fine.'] })
      const functions = [wireFunction('get_plan', { result: { data } })]
      const events = await all(
        client()
          .conversation.complete(null, request({ model: name, functions }))
          .stream(),
      )
      expect(outline(events)).toEqual([
        'sendResult',
        'completeBegin',
        'completeEnd',
        'usage',
        'message activity',
        'message activity',
        'completeBegin',
        'token',
        'message bot',
        'completeEnd',
        'usage',
        'receiveResult',
        'result',
      ])
      const [asked, answered] = activities(events)
      expect(asked).toMatchObject({ type: 'request', function: { name: 'get_plan', arguments: {} } })
      expect(answered).toMatchObject({ type: 'response', function: { name: 'get_plan', result: JSON.stringify(data) } })
      expect(calls[1]?.prompt.at(-1)).toMatchObject({ role: 'tool', result: data })
    },
  )

  test('an answer comes on a channel: events tell when it may be published and when it has arrived', async () => {
    const channel = newChannel()
    const { name } = extended.play(
      { lines: [{ call: 'get_weather', arguments: { city: 'Paris' } }] },
      { lines: ['18.'] },
    )
    const functions = [wireFunction('get_weather', { result: { channel } })]
    const { channelId } = await client().conversation.dispatch(null, request({ model: name, functions }))
    const told: SdkEvent[] = []
    for await (const event of client().channel.subscribe(channelId).stream()) {
      const { type, data } = event as SdkEvent
      if (type !== 'message') continue
      told.push(data)
      if (data.type === 'waitForChannelMessageBegin') {
        await client().channel.publish(data.data.channel, { message: { temperature: 18 } })
      }
      if (data.type === 'result') break
    }
    const waiting = { channel, function: { name: 'get_weather', args: { city: 'Paris' } } }
    expect(told.filter(({ type }) => type.startsWith('waitFor'))).toEqual([
      { type: 'waitForChannelMessageBegin', data: waiting },
      { type: 'waitForChannelMessageEnd', data: { ...waiting, message: { temperature: 18 } } },
    ])
    expect(outline(told).slice(4, 9)).toEqual([
      'message activity',
      'waitForChannelMessageBegin',
      'waitForChannelMessageEnd',
      'message activity',
      'completeBegin',
    ])
    expect(activities(told)[1]).toMatchObject({ function: { result: '{"temperature":18}' } })
  })

  test.each([
    ['a result', { result: [1] }, '[1]', { result: [1] }],
    ['an error', { error: 'No.' }, { error: 'No.' }, { error: 'No.' }],
    [
      'an error that is no text',
      { error: 7 },
      { error: 'Unknown error occurred' },
      { error: 'Unknown error occurred' },
    ],
    ['what an agent publishes', { data: { ok: 1 } }, '{"data":{"ok":1}}', { data: { ok: 1 } }],
  ])('%s in a message is unwrapped, also when it was published early', async (_title, message, result, ended) => {
    const channel = newChannel()
    await client().channel.publish(channel, { message })
    const { name } = extended.play({ lines: [{ call: 'ask' }] }, { lines: ['Ok.'] })
    const functions = [wireFunction('ask', { result: { channel } })]
    const events = await all(
      client()
        .conversation.complete(null, request({ model: name, functions }))
        .stream(),
    )
    expect(events.find(({ type }) => type === 'waitForChannelMessageEnd')?.data.message).toEqual(ended)
    expect(activities(events)[1]).toMatchObject({ function: { result } })
  })

  test('an answer can abort the run', async () => {
    const channel = newChannel()
    const { name } = extended.play({ lines: [{ call: 'ask' }] })
    const functions = [wireFunction('ask', { result: { channel } })]
    const { channelId } = await client().conversation.dispatch(null, request({ model: name, functions }))
    await untilParked(extended.service, channelId)
    await client().channel.publish(channel, { message: { abort: 'Enough.' } })
    const told = unwrapped(await subscribed(client(), channelId))
    expect(told.slice(-3)).toMatchObject([
      { type: 'abort', data: { reason: 'Enough.', functionName: 'ask' } },
      { type: 'receiveResult' },
      { type: 'result', data: { end: { reason: 'abort' } } },
    ])
  })

  test('a function without a result ends the run with its request as the last message, and a second request continues', async () => {
    const { name, calls } = extended.play({ lines: ['One moment.', { call: 'open_page' }] }, { lines: ['Open.'] })
    const functions = [wireFunction('open_page')]
    const events = await all(
      client()
        .conversation.complete(null, request({ model: name, functions }))
        .stream(),
    )
    const said = events.flatMap(({ type, data }) => (type === 'message' ? [data] : []))
    expect(said.at(-1)).toMatchObject({ type: 'activity', meta: { activity: { type: 'request' } } })
    expect(events.at(-1)?.data).toMatchObject({ text: '', end: { reason: 'activity' } })

    const { function: called } = said.at(-1).meta.activity
    const response = {
      type: 'activity',
      text: '',
      meta: { activity: { type: 'response', function: { ...called, result: '"shown"' } } },
    }
    const messages = [{ type: 'user', text: 'Hi' }, ...said, response]
    const { text } = await client().conversation.complete(null, request({ model: name, functions, messages }))
    expect(text).toBe('Open.')
    expect(JSON.stringify(calls[1]?.prompt)).toContain('shown')
  })

  test('calls that wait on a channel get messages in the order in which they began to wait', async () => {
    const channel = newChannel()
    const lines = [
      { call: 'ask', arguments: { n: 1 } },
      { call: 'ask', arguments: { n: 2 } },
    ]
    const { name } = extended.play({ lines }, { lines: ['Ok.'] })
    const functions = [wireFunction('ask', { result: { channel } })]
    const { channelId } = await client().conversation.dispatch(null, request({ model: name, functions }))
    await untilParked(extended.service, channelId)
    for (const result of ['first', 'second']) await client().channel.publish(channel, { message: { result } })
    const responses = activities(unwrapped(await subscribed(client(), channelId))).filter(
      ({ type }) => type === 'response',
    )
    expect(responses.map((each) => [each.function.arguments.n, each.function.result])).toEqual([
      [1, '"first"'],
      [2, '"second"'],
    ])
  })

  test('a call waits on a channel for five minutes, unless its function says otherwise', async () => {
    const { name } = extended.play({ lines: [{ call: 'ask' }, { call: 'wait' }] })
    const functions = [
      wireFunction('ask', { result: { channel: newChannel() } }),
      wireFunction('wait', { result: { channel: newChannel() }, timeoutSeconds: 3600 }),
    ]
    const before = Date.now()
    const { channelId } = await client().conversation.dispatch(null, request({ model: name, functions }))
    const { ask, wait } = await untilParked(extended.service, channelId)
    const after = Date.now()
    for (const [pending, seconds] of [
      [ask, 300],
      [wait, 3600],
    ] as const) {
      const deadline = Date.parse(pending?.deadline ?? '')
      expect(deadline).toBeGreaterThanOrEqual(before + seconds * 1000)
      expect(deadline).toBeLessThanOrEqual(after + seconds * 1000)
    }
    expect((await stateOf(extended.service, channelId)).status).toBe('WAITING')
  })
})

// biome-ignore lint/suspicious/noExplicitAny: any JSON, as the SDK's users get it
function activities(events: readonly SdkEvent[]): any[] {
  return events.flatMap(({ type, data }) =>
    type === 'message' && data.type === 'activity' ? [data.meta.activity] : [],
  )
}
