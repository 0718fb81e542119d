import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Principal } from '../../../src/access/principal.ts'
import type { ApiDeps } from '../../../src/api/api.ts'
import { createFacade, type Facade } from '../../../src/api/facade/facade.ts'
import { frameResponse } from '../../../src/api/facade/frame-response.ts'
import { type FrameFold, readFrames } from '../../../src/api/facade/read-frames.ts'
import { readJson } from '../../../src/api/facade/read-json.ts'
import { endStream } from '../../../src/api/streaming/end-stream.ts'
import { abortableIterator } from '../../../src/channel/abortable-iterator.ts'
import type { Batch } from '../../../src/channel/follow.ts'
import { cursorExpired } from '../../../src/channel/position.ts'
import type { ChannelEvent } from '../../../src/conversation/event.ts'
import { Failure } from '../../../src/kernel/errors.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'

const key = { account: 'a', channel: 'channel-0123456789' } as ChannelKey
const principal: Principal = { account: key.account, grant: null }

const batch = (offset: number, ...texts: readonly string[]): Batch => ({
  entries: texts.map((text, index) => ({
    offset: offset + index,
    tag: 't',
    at: 0,
    event: { type: 'text-delta', messageId: 'm', position: 0, text } satisfies ChannelEvent,
  })),
  position: { epoch: 'e', offset: offset + texts.length - 1, tag: 't' },
})

/** Frames are the texts of the deltas; `end` is the last one. */
const echo: FrameFold<string> = {
  accept: ({ event }) => {
    const text = event.type === 'text-delta' ? event.text : ''
    return { frames: [text], isEnd: text === 'end' }
  },
}

interface Served {
  readonly follow: (signal: AbortSignal) => AsyncGenerator<Batch, void>
  readonly head?: number
  readonly fold?: FrameFold<string>
  readonly answering?: (facade: Facade) => void
}

async function served({ follow, head = 0, fold = echo, answering = () => {} }: Served) {
  const expiries: (() => void)[] = []
  const open = { streams: 0, responses: [] as ServerResponse[] }
  const deps = {
    services: {
      follower: { follow: () => abortableIterator(follow), close() {} },
      log: { heads: async () => [{ last: head }] },
    },
    authenticator: {
      authenticate: async (authorization?: string) => {
        if (authorization === 'none') throw new Failure('UNAUTHENTICATED', 'The credential is not valid.')
        return principal
      },
      whenExpired: (_: Principal, onExpired: () => void) => {
        expiries.push(onExpired)
        return () => {}
      },
    },
    subscriptionLimits: {
      take: () => {
        open.streams += 1
        return () => {
          open.streams = 0
        }
      },
    },
    inTurn: (_account: unknown, _socket: unknown, work: () => unknown) => work(),
    loopTurns: { pass: async () => {} },
    bodyRoom: { enter: async () => () => {} },
    reportDefect: () => 'err_1',
    maxRequestBytes: 100,
    timings: { heartbeatMs: 60_000 },
  } as unknown as ApiDeps
  const api = createFacade(deps, {
    owns: () => true,
    refusalOf: ({ code, message }, status) => ({ status, headers: {}, body: { code, message } }),
    addRoutes: (facade) => {
      answering(facade)
      facade.routes.get('/stream', (context) => {
        open.responses.push(context.env.outgoing)
        const { outgoing } = context.env
        const reader = readFrames(facade, { keys: [key], principal, fold })
        return frameResponse(reader, { outgoing, write: (frame) => `${frame}\n`, beat: '', heartbeatMs: 60_000 })
      })
    },
  })
  const server = createServer((request, response) => void api.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, expiries, open, api }
}

const forEver = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve))

/** What of a stream arrives, and how it ends. */
async function reading(response: Response) {
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
    return { text, ends: 'cleanly' }
  } catch {
    return { text, ends: 'broken' }
  }
}

test('a stream ends cleanly behind the frame that the fold calls the end, whatever the log says further', async () => {
  const { url, open } = await served({
    async *follow(signal) {
      yield batch(1, 'a', 'b')
      yield batch(3, 'end', 'more')
      await forEver(signal)
    },
  })
  const response = await fetch(`${url}/stream`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(await reading(response)).toEqual({ text: 'a\nb\nend\n', ends: 'cleanly' })
  expect(open.streams).toBe(0)
})

test('a log that ends, or expires in mid-stream, before the fold says so breaks the connection', async () => {
  const ended = await served({
    async *follow() {
      yield batch(1, 'a')
    },
  })
  expect(await reading(await fetch(`${ended.url}/stream`))).toMatchObject({ ends: 'broken' })
  const { promise: isRead, resolve } = Promise.withResolvers<void>()
  const expired = await served({
    async *follow() {
      yield batch(1, 'a')
      await isRead
      throw cursorExpired('tag')
    },
  })
  const response = await fetch(`${expired.url}/stream`)
  resolve()
  expect(await reading(response)).toMatchObject({ ends: 'broken' })
})

test('what goes wrong before the first frame has a status of its own', async () => {
  const { url, open } = await served({
    // biome-ignore lint/correctness/useYield: it fails before
    async *follow() {
      throw cursorExpired('removed')
    },
  })
  const response = await fetch(`${url}/stream`)
  expect(response.status).toBe(410)
  expect(await response.json()).toMatchObject({ code: 'CURSOR_EXPIRED' })
  expect(open.streams).toBe(0)
})

test.each(['a drain', 'the expiry of the token'])('%s breaks the connection of an open stream', async (why) => {
  const { url, open, expiries } = await served({
    async *follow(signal) {
      yield batch(1, 'a')
      await forEver(signal)
    },
  })
  const response = await fetch(`${url}/stream`)
  const body = reading(response)
  if (why === 'a drain') for (const each of open.responses) endStream(each)
  else for (const expire of expiries) expire()
  expect(await body).toMatchObject({ ends: 'broken' })
  expect(open.streams).toBe(0)
})

test('a client that leaves ends the reading', async () => {
  const abort = new AbortController()
  const { url, open } = await served({
    async *follow(signal) {
      yield batch(1, 'a')
      await forEver(signal)
    },
  })
  const response = await fetch(`${url}/stream`, { signal: abort.signal })
  expect(open.streams).toBe(1)
  abort.abort()
  expect(await reading(response)).toMatchObject({ ends: 'broken' })
  await expect.poll(() => open.streams, { timeout: 20_000 }).toBe(0)
})

test('the fold is asked at the head of the log, and not before it', async () => {
  const seen: string[] = []
  const fold: FrameFold<string> = {
    accept: (entry, of) => {
      seen.push(`entry ${entry.offset}`)
      return echo.accept(entry, of)
    },
    atHead: () => {
      seen.push('head')
      return { frames: ['here'], isEnd: seen.includes('entry 4') }
    },
  }
  const { url } = await served({
    fold,
    head: 3,
    async *follow(signal) {
      yield batch(1, 'a', 'b')
      yield batch(3, 'c')
      yield batch(4, 'd')
      await forEver(signal)
    },
  })
  expect(await reading(await fetch(`${url}/stream`))).toEqual({ text: 'a\nb\nc\nhere\nd\nhere\n', ends: 'cleanly' })
  expect(seen).toEqual(['entry 1', 'entry 2', 'entry 3', 'head', 'entry 4', 'head'])
})

test('every error has the form of the facade: of credentials, bodies, paths and defects', async () => {
  const { url, api } = await served({
    async *follow() {},
    answering: ({ routes }) => {
      routes.post('/json', async (context) => context.json(await readJson(context, z.object({ n: z.number() }))))
      routes.post('/defect', () => {
        throw new TypeError('secret')
      })
    },
  })
  const post = (path: string, body: string, headers = {}) =>
    fetch(url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const problem = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]
  expect(await (await post('/json', '{"n":1}')).json()).toEqual({ n: 1 })
  expect(await problem(await post('/json', '{"n":"1"}'))).toEqual([400, 'BAD_USER_INPUT'])
  expect(await problem(await post('/json', '{'))).toEqual([400, 'BAD_USER_INPUT'])
  expect(await problem(await post('/json', '{}', { 'content-type': 'text/plain' }))).toEqual([400, 'BAD_USER_INPUT'])
  expect(await problem(await post('/json', `"${'x'.repeat(200)}"`))).toEqual([413, 'PAYLOAD_TOO_LARGE'])
  expect(await problem(await post('/nowhere', ''))).toEqual([404, 'NOT_FOUND'])
  const refused = await post('/json', '{}', { authorization: 'none' })
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  expect(await problem(refused)).toEqual([401, 'UNAUTHENTICATED'])
  const defect = await (await post('/defect', '')).json()
  expect(defect).toEqual({ code: 'INTERNAL', message: 'The server failed. It was logged as err_1.' })
  expect(api.operations).toEqual(['POST /json', 'POST /defect', 'GET /stream'])
})
