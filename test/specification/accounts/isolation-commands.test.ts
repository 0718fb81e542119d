import type { Redis } from 'ioredis'
import { beforeAll, describe, expect, test } from 'vitest'
import { connectRedis } from '../../../src/engines/redis/connection.ts'
import { overHttp } from '../../support/isolation/callers.ts'
import { type SchemaRow, schemaRows } from '../../support/isolation/isolation-rows.ts'
import { absentThings, thingsOf } from '../../support/isolation/isolation-things.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const owner = 'a-key-of-the-owner'
const other = 'a-key-of-the-other'

/** What Redis carries out for clients whose name begins so, scripts' own commands included, in order. */
async function watchCommands(redis: Redis, clients: string) {
  const monitor = await redis.monitor()
  const marks = new Map<string, () => void>()
  const list = String(await redis.client('LIST')).split('\n')
  const sources = list.flatMap((line) => (line.includes(` name=${clients}`) ? [/ addr=(\S+)/.exec(line)?.[1]] : []))
  let commands: string[][] = []
  // What a script does follows it, before anyone else's command.
  let isTheirs = false
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    if (source !== 'lua') isTheirs = sources.includes(source)
    if (isTheirs) commands.push(args)
    marks.get(args[1] ?? '')?.()
  })
  return {
    /** Those of what is done meanwhile. Redis is done with them when it answers, and tells of them in their order. */
    async during(work: () => Promise<unknown>): Promise<readonly string[][]> {
      commands = []
      await work()
      const mark = crypto.randomUUID()
      const seen = new Promise<void>((resolve) => marks.set(mark, resolve))
      await redis.echo(mark)
      await seen
      return commands
    },
    close: () => monitor.disconnect(),
  }
}

const env = {
  API_KEYS: `owner:${owner},other:${other}`,
  TOKEN_SECRET: 'the-secret-that-signs-channel-tokens',
  SECRETS_KEY: 'ab'.repeat(32),
}
let redis: Awaited<ReturnType<typeof startRedis>>
let client: Redis
let commands: Awaited<ReturnType<typeof watchCommands>>
/** The owner's things are made at one process; the other account asks another, of whose commands all are its. */
let service: Service
let asked: Service
beforeAll(async () => {
  redis = await startRedis()
  service = await startService({ redisUrl: redis.url, env })
  asked = await startService({ redisUrl: redis.url, env, role: 'api' })
  client = opened(await connectRedis({ url: redis.url, name: 'test', patience: 'patient', onError: () => {} }))
  commands = opened(await watchCommands(client, 'backchannel-api-'))
})

/** The commands that name what the row is about, in words that do not tell which it is. */
async function commandsOf({ query }: SchemaRow, variables: object): Promise<readonly string[]> {
  const ids = JSON.stringify(variables).match(/[a-z]+_[A-Za-z0-9]{22}|never-used-[\w-]+|\b[A-Za-z0-9]{24}\b/g) ?? []
  expect(ids.length).toBeGreaterThan(0)
  const seen = await commands.during(() => overHttp(asked.url, { query, variables, authorization: `Bearer ${other}` }))
  return seen.flatMap((args) => {
    const line = args.join(' ')
    if (!ids.some((id) => line.includes(id))) return []
    return [withoutChance(ids.reduce((text, id, index) => text.replaceAll(id, `<${index}>`), line))]
  })
}

/** Without what is drawn or read from the clock each time, and digests of that: ids, tags, claims, times. */
function withoutChance(text: string): string {
  return text
    .replaceAll('\\x1f', ' ')
    .replaceAll(/[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}/gi, '?')
    .replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, '?')
    .replaceAll(/(?<![A-Za-z0-9])([A-Za-z0-9]{8}|[A-Za-z0-9]{22}|[A-Za-z0-9]{24}|\d{13})(?![A-Za-z0-9])/g, '?')
}

const named = schemaRows.filter(
  ({ name, query }) => /[iI]d: ?\$|\$input/.test(query) && !/^Subscription|createSecret|createChannelToken/.test(name),
)

describe('another account’s resources cost the same Redis commands as missing ones', () => {
  test.each(named.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    // The first time a script is sent whole.
    await commandsOf(row, await row.variables(absentThings))
    const owned = await commandsOf(row, await row.variables(thingsOf(service.url, owner)))
    const absent = await commandsOf(row, await row.variables(absentThings))
    expect(owned).toEqual(absent)
    expect(owned.length).toBeGreaterThan(0)
    expect(owned.join('\n')).not.toMatch(/\bowner\b/)
  })
})
