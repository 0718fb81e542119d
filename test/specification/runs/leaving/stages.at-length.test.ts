import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { root } from '../../../house/imports.ts'
import { declared, submit, untilParked } from '../../../support/function/function-runs.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { type RedisServer, startRedis } from '../../../support/redis/redis-server.ts'
import { startMockProviders } from '../../../support/run/mock-providers.ts'
import { type ServiceProcess, startProcess } from '../../../support/service/start-process.ts'
import { collect, dispatch, type SeenEvent, watchWebsocket } from '../../../support/watching/watchers.ts'
import { kindsOf, wholeRun } from '../../../support/watching/whole-run.ts'

const asService = (api: ServiceProcess) => ({ url: api.url, wsUrl: api.wsUrl, close: async () => {} })
const graceMs = 20_000

// Each starts processes.
vi.setConfig({ testTimeout: 180_000 })

let redis: RedisServer
let api: ServiceProcess
let env: Record<string, string>
/** Answers after a second and a half; told of each request. */
let slow: { readonly url: string; asked: PromiseWithResolvers<void> }
beforeAll(async () => {
  redis = await startRedis()
  const asked = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    slow.asked.resolve()
    void sleep(1500).then(() => response.end('It took a while.'))
  })
  await once(opened(server, (it) => it.close()).listen(0, '127.0.0.1'), 'listening')
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  slow = { url: `http://${place}/`, asked }
  // The second of the calls is answered.
  const providers = await startMockProviders('It came at the second call.', (call) =>
    call % 2 === 1 ? 'throttle' : 'answer',
  )
  env = {
    ...providers.env,
    REDIS_URL: redis.url,
    LEASE_MS: '3000',
    RUNNING_DISPATCHES: '0',
    FETCH_ALLOW: place,
    SHUTDOWN_GRACE_MS: String(graceMs),
  }
  api = await startProcess('api', env)
})

interface Leaving {
  readonly log: readonly string[]
  /** Sends SIGTERM to what was started; the exit code, once nothing of it is left. */
  leave(): Promise<number | null>
}

/** What is started, and waits until its worker is up. Each process of it holds its standard output. */
async function start(program: string, ...args: readonly string[]): Promise<Leaving> {
  const given = { ...process.env, ...env, PORT: '0', DEFAULT_MODEL: 'demo/delayMs=0', WORKER_CONCURRENCY: '1' }
  const child = spawn(program, args, { cwd: root, env: given, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  let isOver = false
  child.once('close', () => {
    isOver = true
  })
  opened(child, () => isOver || process.kill(-(child.pid ?? 0), 'SIGKILL'))
  const log: string[] = []
  const up = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line)
    if (line.includes('"worker started"')) up.resolve()
  })
  child.once('exit', () => up.reject(new Error('It ended before it was up.')))
  await up.promise
  return {
    log,
    async leave() {
      child.kill('SIGTERM')
      const [code] = await ended
      return code
    },
  }
}

const ways = [
  ['node src/main.ts worker', () => start(process.execPath, 'src/main.ts', 'worker')],
  ['node src/main.ts', () => start(process.execPath, 'src/main.ts')],
  ['npm run worker', () => start('npm', 'run', 'worker')],
  ['npm start', () => start('npm', 'start')],
] as const

interface Stage {
  readonly name: string
  readonly input: () => Parameters<typeof dispatch>[1]
  /** Resolves when the run is there. */
  readonly reached: (
    seen: (isThere: (event: SeenEvent) => boolean) => Promise<void>,
    worker: Leaving,
  ) => Promise<unknown>
}

const calling = { name: 'skill', description: 'Looks it up.' }
const stages: readonly Stage[] = [
  {
    name: 'its model called, and nothing said yet',
    input: () => ({ model: 'demo/delayMs=1500/words=3' }),
    reached: (seen) => seen(({ __typename }) => __typename === 'IterationStarted'),
  },
  {
    name: 'half of its answer said',
    input: () => ({ model: 'demo/delayMs=30/words=60' }),
    reached: (seen) => seen(({ text }) => text !== undefined),
  },
  {
    name: 'an ability under way',
    input: () => ({
      model: 'demo/delayMs=0',
      messages: [{ type: 'USER', text: 'Please call skill.' }],
      extensions: {
        skillsets: [{ abilities: [{ ...calling, instruction: `\`\`\`fetch\nurl: ${slow.url}\n\`\`\`` }] }],
      },
    }),
    reached: () => slow.asked.promise,
  },
  {
    name: 'the wait before a model is called again',
    input: () => ({ model: 'openai-chat:gpt-4o' }),
    reached: (_seen, { log }) =>
      vi.waitFor(() => expect(log.join()).toContain('"model call failed"'), { timeout: 20_000, interval: 5 }),
  },
  {
    name: 'its ending about to be written',
    input: () => ({ model: 'demo/delayMs=0/words=5' }),
    reached: (seen) => seen(({ __typename }) => __typename === 'IterationFinished'),
  },
]

describe.each(ways)('SIGTERM to %s', (_way, begin) => {
  test.each(stages)('with $name: the run ends as if nothing had been, and the process with 0', async (stage) => {
    slow.asked = Promise.withResolvers<void>()
    const worker = await begin()
    const channelId = await dispatch(api, stage.input())
    const events: SeenEvent[] = []
    const waits: { readonly isThere: (event: SeenEvent) => boolean; readonly resolve: () => void }[] = []
    const watching = (async () => {
      for await (const event of watchWebsocket(asService(api), { channelId })) {
        events.push(event)
        for (const { isThere, resolve } of waits) if (isThere(event)) resolve()
      }
    })()
    const seen = (isThere: (event: SeenEvent) => boolean) =>
      new Promise<void>((resolve) => {
        waits.push({ isThere, resolve })
        if (events.some(isThere)) resolve()
      })
    await stage.reached(seen, worker)
    const askedAt = performance.now()
    expect(await worker.leave()).toBe(0)
    expect(performance.now() - askedAt).toBeLessThan(graceMs)
    // No other worker is up: what it did not do itself is not done.
    await watching
    expect(kindsOf(events)).toEqual(wholeRun)
    const words = events.map(({ text }) => text ?? '').join('')
    expect(words.endsWith(events.at(-1)?.result?.text ?? 'no text')).toBe(true)
  })

  test('with one run in hand and one in the queue: the first ends, the next worker has the second', async () => {
    const worker = await begin()
    const first = await dispatch(api, { model: 'demo/delayMs=30/words=60' })
    await vi.waitFor(() => expect(worker.log.join()).toContain(`"${first}"`), { timeout: 20_000 })
    const second = await dispatch(api, { model: 'demo/delayMs=0/words=5' })
    expect(await worker.leave()).toBe(0)
    expect(worker.log.join()).not.toContain(`"${second}"`)
    expect(kindsOf(await collect(watchWebsocket(asService(api), { channelId: first })))).toEqual(wholeRun)
    const next = await begin()
    expect(kindsOf(await collect(watchWebsocket(asService(api), { channelId: second })))).toEqual(wholeRun)
    expect(await next.leave()).toBe(0)
  })

  test('with a run that waits for an answer: it leaves at once, and the next worker goes on', async () => {
    const worker = await begin()
    const channelId = await dispatch(api, {
      model: 'demo/delayMs=0',
      messages: [{ type: 'USER', text: 'Please call ask.' }],
      functions: [declared('ask', { result: { await: true } })],
    })
    const { ask } = await untilParked(asService(api), channelId)
    const askedAt = performance.now()
    expect(await worker.leave()).toBe(0)
    expect(performance.now() - askedAt).toBeLessThan(10_000)
    await submit(asService(api), { channelId, callId: ask?.id }, { data: 1 })
    const next = await begin()
    // Woken, it is another attempt.
    const events = await collect(watchWebsocket(asService(api), { channelId }))
    expect(kindsOf(events)).toEqual([2, 0, 'DispatchCompleted'])
    expect(await next.leave()).toBe(0)
  })
})
