import { beforeAll, expect, test } from 'vitest'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})

function post(path: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(`${service.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
}

async function refusal(response: Response) {
  return { status: response.status, ...((await response.json()) as { message: string; code: string }) }
}

/** A body whose length is not announced. */
function postChunked(path: string, chunks: readonly string[], type = 'application/json'): Promise<Response> {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  const headers = { 'content-type': type }
  return fetch(`${service.url}${path}`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}

test('a body may arrive in chunks', async () => {
  const created = await postChunked('/v1/bot/create', ['{"name":"', 'Ü', '"}'])
  const { id } = (await created.json()) as { id: string }
  const bot = await fetch(`${service.url}/v1/bot/${id}/fetch`)
  expect(await bot.json()).toMatchObject({ name: 'Ü' })
})

test('a body that is too large is refused, with or without a content-length', async () => {
  const long = 'x'.repeat(8_000_001)
  const announced = await post('/v1/bot/create', `{"name":"${long}"}`)
  expect(await refusal(announced)).toMatchObject({ status: 413, code: 'CONTENT_TOO_LARGE' })
  const refused = await postChunked('/v1/bot/create', ['{"name":"', long]).then(refusal, () => ({ status: 'cut' }))
  expect([413, 'cut']).toContain(refused.status)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
  'a body of type %s is refused, not left out',
  async (type) => {
    const response = await post('/v1/bot/create', '{"name":"A"}', type)
    const chunked = await postChunked('/v1/bot/create', ['{"name":"A"}'], type)
    for (const each of [response, chunked]) {
      expect(await refusal(each)).toEqual({
        status: 400,
        message: 'content-type: takes application/json',
        code: 'BAD_REQUEST',
      })
    }
  },
)

test.each(['OPTIONS', 'PATCH', 'HEAD', 'DELETE'])('%s gets an answer, even if only a 404', async (method) => {
  const { status } = await fetch(`${service.url}/v1/bot/list`, { method })
  expect(status).toBe(method === 'HEAD' ? 200 : 404)
})
