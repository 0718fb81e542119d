import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { all, connect, request, type SdkEvent, subscribed, unwrapped, wireFunction } from '../../support/chatbotkit.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

/** The rest of section 9.10's list: what the vendor's agent does on top of the SDK, and text that is not ASCII. */
describe.each(engines)('on the unmodified SDK and %s', (_name, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })
  const client = () => connect(extended.service)

  test('an agent uses a channel as a tool, runs its tools while it reads the stream, and publishes data or an error', async () => {
    const { name: model } = extended.play(
      { lines: ['Let me see.', { call: 'add', arguments: { a: 2, b: 3 } }, { call: 'fail' }] },
      { lines: ['Five.'] },
    )
    const tools: Readonly<Record<string, (args: { a: number; b: number }) => number>> = {
      add: ({ a, b }) => a + b,
      fail: () => {
        throw new Error('Out of order.')
      },
    }
    // As it pads them.
    const channelOf = (tool: string) => `${tool}_`.padEnd(16, '0')
    const functions = Object.keys(tools).map((tool) => wireFunction(tool, { result: { channel: channelOf(tool) } }))
    const sdk = client()
    const told: SdkEvent[] = []
    const published: PromiseLike<unknown>[] = []
    for await (const each of sdk.conversation.complete(null, request({ model, functions })).stream()) {
      const event = each as SdkEvent
      told.push(event)
      if (event.type !== 'waitForChannelMessageBegin') continue
      const { channel, function: called } = event.data
      expect(channel).toBe(channelOf(called.name))
      let message: object
      try {
        message = { data: tools[called.name]?.(called.args) }
      } catch (error) {
        message = { error: (error as Error).message }
      }
      // It reads on meanwhile.
      published.push(sdk.channel.publish(channel, { message } as never))
    }
    await Promise.all(published)
    const answers = told.flatMap(({ type, data }) =>
      type === 'message' && data.meta.activity?.type === 'response' ? [data.meta.activity.function] : [],
    )
    expect(answers).toMatchObject([
      { name: 'add', result: '{"data":5}' },
      { name: 'fail', result: { error: 'Out of order.' } },
    ])
    expect(told.at(-1)).toMatchObject({ type: 'result', data: { text: 'Five.', end: { reason: 'stop' } } })
  })

  test('an agent’s turn is one iteration: its tools are executed, and the run ends', async () => {
    const { name: model } = extended.play({ lines: [{ call: 'known' }] }, { lines: ['Never said.'] })
    const functions = [wireFunction('known', { result: { data: 7 } })]
    const events = await all(
      client()
        .conversation.complete(null, request({ model, functions, limits: { iterations: 1 } }))
        .stream(),
    )
    expect(events.flatMap(({ type, data }) => (type === 'message' ? [data.meta.activity?.type] : []))).toEqual([
      'request',
      'response',
    ])
    expect(events.at(-1)?.data.end).toEqual({ reason: 'iteration' })
  })

  test('non-ASCII text arrives intact token by token, on a channel, in a stream and in a completion', async () => {
    const lines = ['Grüße, ', '世', '界 ', '👩‍👩‍👧‍👦 ', '\u2028', '\ud83d', '\ude00', ' ne\u0301e']
    const text = 'Grüße, 世界 👩‍👩‍👧‍👦 \u2028😀 ne\u0301e'
    const { name: model } = extended.play({ lines })
    const tokens = (events: readonly SdkEvent[]) =>
      events.flatMap(({ type, data }) => (type === 'token' ? [data.token as string] : [])).join('')
    const { channelId } = await client().conversation.dispatch(null, request({ model }))
    const told = unwrapped(await subscribed(client(), channelId))
    expect([tokens(told), told.at(-1)?.data.text]).toEqual([text, text])
    const streamed = await all(client().conversation.complete(null, request({ model })).stream())
    expect([tokens(streamed), streamed.at(-1)?.data.text]).toEqual([text, text])
    expect(await client().conversation.complete(null, request({ model }))).toMatchObject({ text })
  })
})
