import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'
import { graphql } from '../../support/watching/watchers.ts'

describe.each(engines)('attachments, on %s', (_name, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })

  test('the model and watchers see a fetched attachment; a failed one is in the log, and the run goes on', async () => {
    const { service, port, run } = extended
    const [good, inside] = [`http://127.0.0.1:${port}/file.json`, 'http://169.254.169.254/latest/meta-data']
    const { channelId, events, calls } = await run({ attachments: [{ url: good }, { url: inside }] })
    expect(events.at(-1)).toMatchObject({ __typename: 'DispatchCompleted', result: { text: 'Well.' } })
    const texts = calls[0]?.prompt.flatMap((message) => (message.role === 'user' ? [message.text] : []))
    expect(texts).toEqual([
      'Hello',
      expect.stringContaining(`Attachment ${good} (application/json`),
      expect.stringContaining(`Attachment ${inside}: it could not be fetched.`),
    ])
    const query = `{
      dispatch(channelId: "${channelId}") { messages { type meta } }
      channelHistory(channelId: "${channelId}") { events { __typename ... on AttachmentFailed { url error { code message } } } }
    }`
    const { data } = await graphql<{ dispatch: { messages: object[] }; channelHistory: { events: object[] } }>(
      service,
      query,
    )
    expect(data.channelHistory.events).toContainEqual({
      __typename: 'AttachmentFailed',
      url: inside,
      error: { code: 'FAILED', message: expect.stringMatching(/./) },
    })
    expect(data.dispatch.messages).toMatchObject([
      { type: 'USER' },
      { type: 'CONTEXT', meta: { attachment: { url: good, mediaType: 'application/json' } } },
      { type: 'CONTEXT', meta: { attachment: { url: inside, mediaType: null } } },
      { type: 'BOT' },
    ])
  })
})
