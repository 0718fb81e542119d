import { expect, test } from 'vitest'
import { answerFacts } from '../../../src/conversation/activity.ts'
import type { FunctionCall } from '../../../src/conversation/function.ts'
import { keep } from '../../support/redis/keep.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newKey, newRun } from '../../support/run/runs.ts'

/** A run that another worker has taken over while its call can be answered, and its store. */
async function openPlace() {
  const server = await startRedis()
  const { runs, redis } = await connectRedisEngine(server.url)
  const key = newKey()
  const call: FunctionCall = { id: 'a', name: 'f', arguments: {}, answer: 'submit', deadline: Date.now() + 3_600_000 }
  const awaited = { call, resultChannelId: null }
  const events = [{ type: 'function-result-awaited', ...awaited } as const]
  const claim = async () => {
    const reply = await runs.claim(key, { wake: 1, claim: 'second', tag: 'of-second', lossLimit: 5 })
    return reply.outcome === 'claimed' ? reply.claimed.facts : []
  }
  await runs.create(key, newRun())
  await runs.claim(key, { wake: 1, claim: 'first', tag: ids.tag(), lossLimit: 5 })
  await runs.append(key, { claim: 'first', seq: 1, tag: ids.tag(), events, open: [], awaits: [awaited] })
  await claim()
  const facts = answerFacts(call, { kind: 'completed', data: 1 }, ids.messageId())
  const answer = () => runs.settle(key, { callId: 'a', by: 'submit', digest: '1', wakes: false, tag: ids.tag(), facts })
  return { redis, runs, key, claim, answer }
}

test.each([
  ['a look brought', ({ runs, key }: Awaited<ReturnType<typeof openPlace>>) => runs.facts(key)],
  ['a claim brought that was sent again', ({ claim }: Awaited<ReturnType<typeof openPlace>>) => claim()],
])('who goes on from an answer that %s, and that the store has lost since, is fenced', async (_how, look) => {
  const place = await openPlace()
  const { redis, runs, key, answer } = place
  const goBack = await keep(redis)
  expect((await answer()).outcome).toBe('settled')
  const read = (await look(place)).at(-1)
  expect(read?.event.type).toBe('message-completed')
  await goBack()

  const append = { claim: 'second', seq: 1, tag: 'of-next', events: [], open: [] }
  expect(await runs.append(key, { ...append, ...(read !== undefined && { read }) })).toEqual({ outcome: 'fenced' })
  // Nothing but the fact tells it: claim and seq are those of the record.
  expect(await runs.append(key, append)).toMatchObject({ outcome: 'applied' })
})
