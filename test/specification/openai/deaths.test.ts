import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { expect, test } from 'vitest'
import { openClient, textsOf } from '../../support/openai/client.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'

test('a worker killed in mid-answer and an API killed in mid-stream: the stock client has the right text, once', async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url, LEASE_MS: '1000' }
  const [here, there, worker] = await Promise.all([
    startProcess('api', env),
    startProcess('api', env),
    startProcess('worker', env),
  ])
  const first = openClient(here.url).client
  const second = openClient(there.url).client
  const seen: ResponseStreamEvent[] = []
  const stream = await first.responses.create({ model: 'demo/delayMs=20/words=60', input: 'Hi', stream: true })
  let id = ''
  let isWorkerDead = false
  const read = async () => {
    for await (const event of stream) {
      seen.push(event)
      if (event.type === 'response.created') id = event.response.id
      if (event.type === 'response.output_text.delta' && !isWorkerDead) {
        isWorkerDead = true
        await worker.kill('SIGKILL')
        await startProcess('worker', env)
      }
      // The next worker has begun anew.
      if (event.type === 'response.output_text.delta' && event.output_index > 0) await here.kill('SIGKILL')
    }
  }
  await expect(read()).rejects.toThrow()
  expect(seen.at(-1)?.type).not.toBe('response.completed')

  const starting_after = seen.at(-1)?.sequence_number ?? 0
  for await (const event of await second.responses.retrieve(id, { stream: true, starting_after })) seen.push(event)
  const response = await second.responses.retrieve(id)
  expect(response).toMatchObject({ status: 'completed', output: [{ type: 'message' }] })
  expect(textsOf(seen)).toEqual([response.output_text])
  const replayed: ResponseStreamEvent[] = []
  for await (const event of await second.responses.retrieve(id, { stream: true })) replayed.push(event)
  expect(seen).toEqual(replayed)
  expect((await second.responses.stream({ response_id: id }).finalResponse()).output_text).toBe(response.output_text)
}, 120_000)
