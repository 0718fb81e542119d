import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { expect, test } from 'vitest'
import { dataOf } from '../../support/isolation/callers.ts'
import { listOf, openClient, textsOf } from '../../support/openai/client.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'

const dispatchWithTool = `mutation { made: dispatchConversation(input: {
  model: "demo/delayMs=20/words=40"
  messages: [{ type: USER, text: "Please look_up whales." }]
  functions: [{ name: "look_up", description: "Looks.", parameters: { type: "object" }, result: { data: "vast" } }]
}) { channelId } }`

const hasCalled = (events: readonly ResponseStreamEvent[]) =>
  events.some(({ type }) => type === 'response.mcp_call.completed')
const hasTakenBack = (events: readonly ResponseStreamEvent[]) =>
  events.some(
    (event) => event.type === 'response.output_item.done' && JSON.stringify(event.item).includes('incomplete'),
  )

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
  const { made } = await dataOf<{ made: { channelId: string } }>(here.url, { query: dispatchWithTool })
  const id = `resp_${made.channelId}`
  const stream = await first.responses.retrieve(id, { stream: true })
  let isWorkerDead = false
  const read = async () => {
    for await (const event of stream) {
      seen.push(event)
      if (event.type === 'response.output_text.delta' && !isWorkerDead && hasCalled(seen)) {
        isWorkerDead = true
        await worker.kill('SIGKILL')
        await startProcess('worker', env)
      }
      // The next worker has begun anew.
      if (event.type === 'response.output_text.delta' && hasTakenBack(seen)) await here.kill('SIGKILL')
    }
  }
  await expect(read()).rejects.toThrow()
  expect(seen.at(-1)?.type).not.toBe('response.completed')

  const starting_after = seen.at(-1)?.sequence_number ?? 0
  for await (const event of await second.responses.retrieve(id, { stream: true, starting_after })) seen.push(event)
  const response = await second.responses.retrieve(id)
  const output = [{ type: 'mcp_call', status: 'completed' }, { type: 'message' }]
  expect(response).toMatchObject({ status: 'completed', output })
  expect(textsOf(seen)).toEqual([response.output_text])
  const replayed: ResponseStreamEvent[] = []
  for await (const event of await second.responses.retrieve(id, { stream: true })) replayed.push(event)
  expect(seen).toEqual(replayed)
  for (const { sequence_number } of [{ sequence_number: 0 }, ...replayed]) {
    const rest = await listOf(await second.responses.retrieve(id, { stream: true, starting_after: sequence_number }))
    expect(rest).toEqual(replayed.filter((event) => event.sequence_number > sequence_number))
  }
  expect((await second.responses.stream({ response_id: id }).finalResponse()).output_text).toBe(response.output_text)
}, 120_000)
