import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc, { type GeneratorValue } from 'fast-check'
import { expect, vi } from 'vitest'
import { dataOf, mintToken } from '../support/isolation/callers.ts'
import { freePort, startRedis } from '../support/redis/redis-server.ts'
import { startObservedService } from '../support/service/observed-service.ts'
import { fillAccount } from './foreign-things.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** `acme` is who asks, `beta` has what must not come out, `gamma` has nothing. */
const keys = {
  acme: 'acme-key-0123456789',
  beta: 'beta-key-0123456789',
  gamma: 'gamma-key-0123456789',
} as const

const betasMark = 'only-beta-may-see-this'
/** Of garbage that is not worth looking for: caches that fill, code that is compiled. */
const leftBytes = 12_000_000

/** What this process holds on to: service, clients and all. */
async function heldBytes(): Promise<number> {
  // What ends a request runs in turns of its own.
  for (let n = 0; n < 20; n++) await setImmediate()
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export interface FuzzCaller {
  readonly authorization: string | null
  /** Without a valid credential everything is UNAUTHENTICATED. */
  readonly isKnown: boolean
}

export interface FuzzedService {
  readonly url: string
  readonly metricsUrl: string
  /** Of acme and of beta, of every kind, and some of nobody. */
  readonly ids: readonly string[]
  readonly channels: readonly string[]
  /** One in two requests is acme's own. */
  drawCaller(g: GeneratorValue): FuzzCaller
  /** Fails on what an answer to anybody but beta must not hold. */
  expectNothingForeign(answer: string): void
  /**
   * Runs a part, which fills the caches, then the rest, and fails on what the rest has left: memory, handles, readers, a change to what is beta's, a
   * defect in the log, a service that is not there.
   */
  leavesNothing(run: (part: number) => Promise<void>): Promise<void>
}

/** The whole service on Redis, so that what is stored is not in this process's memory, with three accounts. */
export async function startFuzzedService(): Promise<FuzzedService> {
  const redis = await startRedis()
  const metricsPort = await freePort()
  const service = await startObservedService({
    env: {
      REDIS_URL: redis.url,
      DEFAULT_MODEL: 'demo/delayMs=0/words=1',
      API_KEYS: Object.entries(keys)
        .map(([account, key]) => `${account}:${key}`)
        .join(','),
      TOKEN_SECRET: 'the-secret-that-signs-channel-tokens',
      SECRETS_KEY: '5a'.repeat(32),
      DISPATCHES_PER_MINUTE: '0',
      METRICS_PORT: String(metricsPort),
      // Defects; all of a log that is kept would look like a leak.
      LOG_LEVEL: 'error',
    },
  })
  const { url, log } = service
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
  const acme = await fillAccount(url, keys.acme, 'of-acme')
  const beta = await fillAccount(url, keys.beta, betasMark)
  const before = await beta.see()
  expect(before.split(betasMark).length).toBeGreaterThan(15)
  const mine = 'a-channel-of-acme-itself'
  const token = await mintToken(url, keys.acme, { channelId: mine, allow: ['ANSWER', 'CANCEL', 'PUBLISH'] })

  const known = (credential: string) => ({ authorization: `Bearer ${credential}`, isKnown: true })
  const unknown = (authorization: string | null) => ({ authorization, isKnown: false })
  const own = known(keys.acme)
  const others: readonly FuzzCaller[] = [
    known(keys.gamma),
    known(token),
    known(beta.token),
    unknown(null),
    unknown('Bearer a-key-of-no-one-at-all'),
    unknown(`Bearer ${token.slice(0, -4)}AAAA`),
    unknown('Basic YWNtZTprZXk='),
  ]
  const secrets = [betasMark, ...Object.values(keys), token, beta.token]

  const counted = async (name: string) => {
    const text = await (await fetch(metricsUrl)).text()
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  }
  const expectUnharmed = async () => {
    const query = '{ __typename }'
    expect(await dataOf(url, { query, authorization: `Bearer ${keys.acme}` })).toEqual({ __typename: 'Query' })
    expect(await beta.see()).toBe(before)
    await vi.waitFor(async () => expect(await counted('backchannel_subscribers')).toBe(0), { timeout: 10_000 })
    expect(log.slice(0, 1)).toEqual([])
  }

  return {
    url,
    metricsUrl,
    ids: [...acme.ids, ...beta.ids, mine, 'a-channel-of-nobody', 'bot_0123456789012345678901'],
    channels: [...acme.channels, ...beta.channels, mine, 'a-channel-of-nobody'],
    drawCaller: (g) => (g(fc.nat, { max: 1 }) === 0 ? own : (others[g(fc.nat, { max: others.length - 1 })] ?? own)),
    expectNothingForeign(answer) {
      for (const secret of secrets) expect(answer).not.toContain(secret)
    },
    async leavesNothing(run) {
      await run(0.4)
      const [bytes, handles] = [await heldBytes(), process.getActiveResourcesInfo().length]
      await run(0.6)
      await expectUnharmed()
      await expect
        .poll(() => process.getActiveResourcesInfo().length, { timeout: 15_000 })
        .toBeLessThanOrEqual(handles + 10)
      expect((await heldBytes()) - bytes).toBeLessThan(leftBytes)
    },
  }
}
