import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { all, connect, outline, request, type SdkEvent, subscribed, unwrapped } from '../../support/chatbotkit.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

describe.each(engines)('the unmodified SDK on %s', (engine, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })
  const client = () => connect(extended.service)

  /** A model that says `Good ` and then, when it is let go, `day.`. */
  function heldModel() {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { model: extended.play({ lines: ['Good ', promise, 'day.'] }).name, letGo: resolve }
  }

  test('dispatches, subscribes, and gets every event by its compatible name, in the documented order', async () => {
    const { name } = extended.play({ lines: [{ reasoning: 'Hm.' }, 'It ', 'is.'] })
    const { channelId } = await client().conversation.dispatch(null, request({ model: name }))
    const events = await subscribed(client(), channelId)

    expect(events[0]).toEqual({ type: 'nop', data: {} })
    expect(new Set(events.slice(1).map(({ type }) => type))).toEqual(new Set(['message']))
    const told = unwrapped(events)
    expect(outline(told)).toEqual([
      'sendResult',
      'completeBegin',
      'reasoningToken',
      'token',
      'message reasoning',
      'message bot',
      'completeEnd',
      'usage',
      'receiveResult',
      'result',
    ])
    const ids = { instance: `in-${channelId}`, iteration: `it-${channelId}-1` }
    const result = { text: 'It is.', usage: { token: 15 }, end: { reason: 'stop' } }
    expect(told.filter(({ type }) => !type.endsWith('oken'))).toEqual([
      { type: 'sendResult', data: { text: '', entities: [], usage: { token: 0 } } },
      { type: 'completeBegin', data: ids },
      { type: 'message', data: { type: 'reasoning', text: 'Hm.', meta: {} } },
      { type: 'message', data: { type: 'bot', text: 'It is.', meta: {} } },
      { type: 'completeEnd', data: ids },
      { type: 'usage', data: { model: name, inputTokensUsed: 10, outputTokensUsed: 5 } },
      { type: 'receiveResult', data: result },
      { type: 'result', data: result },
    ])
    expect(tokens(told)).toBe('It is.')
  })

  test('gets the same events whether it subscribes before, during or after a run', async () => {
    const channelId = `watched-ahead-${Date.now()}-0123456789`
    const { model, letGo } = heldModel()
    const early = subscribed(client(), channelId)
    await client().conversation.dispatch(null, request({ model, channelId }))
    const during = subscribed(client(), channelId)
    letGo()
    const seen = await Promise.all([early, during, subscribed(client(), channelId)])
    const late = await subscribed(client(), channelId)
    for (const events of [...seen, late]) {
      expect(facts(unwrapped(events))).toEqual(facts(unwrapped(late)))
      expect(tokens(unwrapped(events))).toBe('Good day.')
    }
    expect(unwrapped(late).at(-1)?.data).toMatchObject({ text: 'Good day.', end: { reason: 'stop' } })
  })

  test('can start with the last entries or with new events only', async () => {
    const { name } = extended.play({ lines: ['Well.'] })
    const { channelId } = await client().conversation.dispatch(null, request({ model: name }))
    await subscribed(client(), channelId)
    expect(unwrapped(await subscribed(client(), channelId, { historyLength: 1 })).map(({ type }) => type)).toEqual([
      'receiveResult',
      'result',
    ])
    expect(await subscribed(client(), channelId, { historyLength: 0 })).toEqual([{ type: 'nop', data: {} }])
  })

  test('streams a completion: the same events, unwrapped, with their times', async () => {
    const { name } = extended.play({ lines: ['Fine.'] })
    const events = await all(
      client()
        .conversation.complete(null, request({ model: name }))
        .stream(),
    )
    expect(outline(events)).toEqual([
      'sendResult',
      'completeBegin',
      'token',
      'message bot',
      'completeEnd',
      'usage',
      'receiveResult',
      'result',
    ])
    for (const { createdAt } of events) expect(createdAt).toBeGreaterThan(1_700_000_000_000)
  })

  test('awaits a completion', async () => {
    const { name } = extended.play({ lines: ['Fine.'] })
    expect(await client().conversation.complete(null, request({ model: name }))).toEqual({
      text: 'Fine.',
      usage: { token: 15 },
      end: { reason: 'stop' },
    })
  })

  test('accepts a model with settings, a bot, a contact and a time zone', async () => {
    const botId = await extended.create('createBot', 'BotInput', {
      backstory: '${CONTACT_NAME} is in ${EARTH_TIMEZONE}.',
    })
    const { name, calls } = extended.play({ lines: ['Yes.'] })
    const contactId = { fingerprint: `print-${engine}`, name: 'Ada' }
    const fields = { model: { name, config: {} }, botId, contactId, extensions: { features: [{ name: 'time' }] } }
    await connect(extended.service, { timezone: 'Asia/Tokyo' }).conversation.complete(null, request(fields))
    expect(calls[0]?.prompt[0]).toMatchObject({
      role: 'system',
      text: expect.stringContaining('Ada is in Asia/Tokyo.'),
    })
  })

  test('reports a failed run: as the last event of a stream, and as an exception for an awaited result', async () => {
    const { name, calls } = extended.play({ lines: ['No.'], finish: 'filtered' })
    const { channelId } = await client().conversation.dispatch(null, request({ model: name }))
    const error = unwrapped(await subscribed(client(), channelId)).at(-1)
    expect(error).toEqual({ type: 'error', data: { message: expect.any(String), code: 'MODEL_REJECTED' } })
    const awaited = client().conversation.complete(null, request({ model: name }))
    await expect(awaited).rejects.toMatchObject({ name: 'FetchError', code: 'MODEL_REJECTED' })
    // One run each: the SDK has not sent it again.
    expect(calls).toHaveLength(2)
  })

  test('gets advice when it uses the sample call of the vendor’s page', async () => {
    const dispatch = client().conversation.dispatch as unknown as (request: object) => Promise<unknown>
    const sample = dispatch.call(client().conversation, { messages: [{ type: 'user', text: 'Hi' }] })
    await expect(sample).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'pass null as the first argument: conversation.dispatch(null, {...})',
    })
    await expect(client().conversation.complete('cnv_1', request({}))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('calls GraphQL', async () => {
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status } }'
    const variables = { id: 'channel-of-no-dispatch' }
    expect(await client().graphql.call({ query, variables } as never)).toEqual({ data: { dispatch: null } })
    const wrong = (await client().graphql.call({ query: '{ nothing }' } as never)) as { errors: unknown[] }
    expect(wrong.errors).toHaveLength(1)
  })

  test('publishes to subscribers', async () => {
    const channelId = `plain-channel-${Date.now()}-0123456789`
    const heard: SdkEvent[] = []
    const listening = (async () => {
      for await (const event of client().channel.subscribe(channelId).stream()) {
        heard.push(event as SdkEvent)
        if (heard.length === 1) await client().channel.publish(channelId, { message: { hello: 'wörld 😀' } })
        if (heard.length === 2) break
      }
    })()
    await listening
    expect(heard[1]).toEqual({ type: 'message', data: { hello: 'wörld 😀' } })
    expect(await client().channel.publish(channelId, { message: { type: 'result' } })).toEqual({ id: channelId })
  })
})

function tokens(events: readonly SdkEvent[]): string {
  return events.map(({ type, data }) => (type === 'token' ? data.token : '')).join('')
}

/** Without tokens, which may come joined. */
function facts(events: readonly SdkEvent[]): readonly SdkEvent[] {
  return events.filter(({ type }) => type !== 'token')
}
