import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { Model } from '../../../src/models/model.ts'
import { atLength } from '../../support/at-length.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import { heldBytes } from '../../support/watching/held-bytes.ts'
import { openManyWatchers } from '../../support/watching/many-watchers.ts'
import { dispatch } from '../../support/watching/watchers.ts'

vi.setConfig({ testTimeout: 180_000 })

/** A thousand characters, each piece another one. */
const piece = (n: number) => `piece ${n} `.padEnd(999, '.').concat('\n')
const pieces = atLength(1500, 10_000)

test.each([
  ['hangs', (redis: RedisServer) => redis.kill('SIGSTOP'), (redis: RedisServer) => redis.kill('SIGCONT')],
  ['is down', (redis: RedisServer) => redis.kill('SIGKILL'), (redis: RedisServer) => redis.restart()],
] as const)(
  'a model that keeps talking while Redis %s is not heard beyond a million characters, and nothing of it is lost or said twice',
  async (_how, takeAway, bringBack) => {
    const redis = await startRedis({ appendOnly: true })
    let said = 0
    const flood = Promise.withResolvers<void>()
    const isTalking = Promise.withResolvers<void>()
    const model: Model = {
      name: 'endless',
      async *stream() {
        yield { type: 'text', text: 'So: ' }
        isTalking.resolve()
        await flood.promise
        while (said < pieces) yield { type: 'text', text: piece(said++) }
        const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: pieces, reasoningTokens: 0 }
        yield { type: 'finish', finish: 'stop', usage }
      },
    }
    const service = await startService({
      redisUrl: redis.url,
      model: 'endless',
      providers: [scriptedProvider(model)],
      env: { LEASE_MS: '60000' },
    })
    const socket = await openManyWatchers(service)
    const channelId = ids.channelId()
    const watching = socket.watch(channelId)
    await dispatch(service, { channelId })
    await isTalking.promise

    await takeAway(redis)
    const before = await heldBytes()
    flood.resolve()
    await vi.waitFor(() => expect(said).toBeGreaterThanOrEqual(1000), { timeout: 60_000 })
    // A worker that takes a piece in each turn of the event loop takes all the others in so many.
    for (let turn = 0; turn < pieces; turn++) await setImmediate()
    const whileAway = { said, held: (await heldBytes()) - before }
    await bringBack(redis)

    // What stood in the room when the append in flight began comes on top.
    expect(whileAway.said).toBeLessThanOrEqual(1001)
    expect(whileAway.held).toBeLessThan(2_500_000)
    const text = `So: ${Array.from({ length: pieces }, (_, n) => piece(n)).join('')}`
    expect(await watching).toEqual({ text, last: 'DispatchCompleted' })
    expect(await socket.watch(channelId)).toEqual({ text, last: 'DispatchCompleted' })
    expect(said).toBe(pieces)
  },
)
