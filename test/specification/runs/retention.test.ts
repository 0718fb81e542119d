import { expect, test, vi } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { startService } from '../../support/service/start-service.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

const query = `query ($id: ID!) { dispatch(channelId: $id) { status messages { text } result { text } usage { totalTokens } } }`

const history = `query ($id: ID!, $after: Cursor) { channelHistory(channelId: $id, after: $after) { endCursor } }`

interface Asked {
  dispatch: { status: string; messages: object[]; result: { text: string }; usage: { totalTokens: number } } | null
}

test.each(engines)(
  'a log goes when its time is up, its record later, and nothing else stays: %s',
  async (_name, _open, start) => {
    const place = await start()
    const service = await startService({
      env: { ...place.env, RETENTION_SECONDS: '2', RECORD_RETENTION_SECONDS: '5' },
    })
    const input = { channelId: 'a-channel-that-goes', model: 'demo/delayMs=0/words=5' }
    const channelId = await dispatch(service, input)
    const events = await collect(watchWebsocket(service, { channelId }))
    // A second turn shares what the first one said.
    const second = await dispatch(service, { continues: channelId, model: input.model })
    await collect(watchWebsocket(service, { channelId: second }))
    const ask = async () => (await graphql<Asked>(service, query, { id: channelId })).data.dispatch
    const whole = await ask()
    expect(whole?.messages).toHaveLength(2)

    // The log is gone; the record is its tombstone.
    await vi.waitFor(async () => expect((await ask())?.messages).toEqual([]), { timeout: 5000 })
    expect(await ask()).toEqual({ ...whole, messages: [] })
    for (const after of [null, events[2]?.cursor ?? '', events.at(-1)?.cursor ?? '']) {
      const message = 'The log has been removed after its retention time. Read `dispatch`: its result is kept longer.'
      await expect(collect(watchWebsocket(service, { channelId, after }))).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        message: expect.stringContaining(message),
      })
      const { errors } = await graphql(service, history, { id: channelId, after })
      expect(errors).toMatchObject([{ message, extensions: { code: 'CURSOR_EXPIRED' } }])
    }
    expect(await dispatch(service, input)).toBe(channelId)
    await expect(dispatch(service, { ...input, model: 'demo' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(dispatch(service, { continues: channelId })).rejects.toMatchObject({ code: 'NOT_FOUND' })

    // Then that goes, too.
    await vi.waitFor(async () => expect(await ask()).toBeNull(), { timeout: 10_000 })
    const all = '{ dispatches { edges { node { id } } } }'
    const edges = async () => (await graphql<{ dispatches: { edges: object[] } }>(service, all)).data.dispatches.edges
    await vi.waitFor(async () => expect(await edges()).toEqual([]), { timeout: 5000 })
    // The sweep drops the run's entry when its look is due. What was used today, and in the last hour, was used.
    const kept = async () => (await place.stored()).filter((name) => !/used-?today|^bc:recent:/i.test(name))
    await vi.waitFor(async () => expect(await kept()).toEqual([]), { timeout: 20_000, interval: 100 })
  },
)
