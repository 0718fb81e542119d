import { expect, test, vi } from 'vitest'
import { answersIn, declared, eventsOf, stateOf, submit, untilParked } from '../../support/function/function-runs.ts'
import { loseFrom } from '../../support/redis/append-only-file.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startService } from '../../support/service/start-service.ts'
import { dispatch, type SeenEvent, watchWebsocket } from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

/** A run that calls `ask` and waits for the answer, on a Redis that writes down all it is told. */
async function openParked() {
  const redis = await startRedis({ appendOnly: true })
  const service = await startService({
    redisUrl: redis.url,
    model: 'demo/delayMs=20/words=200',
    env: { LEASE_MS: '1000' },
  })
  const channelId = await dispatch(service, {
    messages: [{ type: 'USER', text: 'Please call ask.' }],
    functions: [declared('ask', { result: { await: true } })],
  })
  const seen: SeenEvent[] = []
  const watching = (async () => {
    for await (const event of watchWebsocket(service, { channelId })) seen.push(event)
  })()
  const { ask } = await untilParked(service, channelId)
  return {
    redis,
    service,
    seen,
    watching,
    call: { channelId, callId: ask?.id },
  }
}

const count = (events: readonly SeenEvent[], kind: string) =>
  events.filter(({ __typename }) => __typename === kind).length

test('a lost answer must be given again: readers that saw it get CURSOR_EXPIRED, and the run waits as before', async () => {
  const place = await openParked()
  const { redis, service, seen, call } = place
  const { channelId } = call
  expect(await submit(service, call, { data: 'yes' })).toBe('QUEUED')
  // The worker has gone on, and is in the middle of what it says to that.
  await vi.waitFor(
    () => {
      const answered = seen.findIndex(({ __typename }) => __typename === 'FunctionCallCompleted')
      expect(answered).not.toBe(-1)
      expect(seen.slice(answered).some(({ text }) => text !== undefined)).toBe(true)
    },
    { timeout: 20_000, interval: 5 },
  )
  await loseFrom(redis, 'function-call-completed')

  await expect(place.watching).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  await vi.waitFor(async () => expect((await stateOf(service, channelId)).status).toBe('WAITING'), { timeout: 20_000 })
  expect((await stateOf(service, channelId)).pendingCalls.map(({ id }) => id)).toEqual([call.callId])
  // What had been lost has not been used: another answer is not a conflict.
  expect(await submit(service, call, { data: 'no' })).toBe('QUEUED')
  const events = await eventsOf(service, channelId)
  expect(answersIn(events)).toEqual([['ask', 'no']])
  expect(count(events, 'DispatchCompleted')).toBe(1)
  expect(count(events, 'FunctionCallRequested')).toBe(1)
})

test('a lost park is repaired: the run is taken over, repeats no call, and waits', async () => {
  const place = await openParked()
  const { redis, service, call } = place
  const { channelId } = call
  await loseFrom(redis, '$6\r\nstatus\r\n$7\r\nwaiting\r\n')

  await vi.waitFor(
    async () => expect(await stateOf(service, channelId)).toMatchObject({ status: 'WAITING', attempts: 2 }),
    { timeout: 25_000 },
  )
  expect((await stateOf(service, channelId)).pendingCalls.map(({ id }) => id)).toEqual([call.callId])
  expect(await submit(service, call, { data: 'yes' })).toBe('QUEUED')
  // The log had not gone back: who was watching has seen it all.
  await place.watching
  const events = await eventsOf(service, channelId)
  expect(place.seen.map(({ cursor }) => cursor).at(-1)).toBe(events.at(-1)?.cursor)
  expect(answersIn(events)).toEqual([['ask', 'yes']])
  expect(count(events, 'FunctionCallRequested')).toBe(1)
  expect(count(events, 'FunctionResultAwaited')).toBe(1)
  expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
})
