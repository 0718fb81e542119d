import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { beforeAll, describe, expect, test } from 'vitest'
import { connectRedis } from '../../../src/engines/redis/connection.ts'
import { createRedisStore } from '../../../src/engines/redis/store/store.ts'
import { localAccount } from '../../../src/kernel/ids.ts'
import { createSecretOpener } from '../../../src/store/secret-opener.ts'
import { createVault } from '../../../src/store/vault.ts'
import { codes, transports } from '../../server/ask.ts'
import { everything } from '../../support/isolation/everything.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { startService } from '../../support/service/start-service.ts'
import { graphql } from '../../support/watching/watchers.ts'

const create = 'mutation ($input: SecretInput!) { createSecret(input: $input) { id name type createdAt updatedAt } }'
const update =
  'mutation ($id: ID!, $input: UpdateSecretInput!) { updateSecret(id: $id, input: $input) { id name type } }'

interface Made {
  readonly createSecret: { readonly id: string; readonly name: string; readonly type: string }
}

describe('secrets on Redis', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = opened(await connectRedis({ url: server.url, name: 'test', patience: 'patient', onError: () => {} }))
  })
  const serve = (keys: string | null) =>
    startService({ redisUrl: server.url, ...(keys === null ? {} : { env: { SECRETS_KEY: keys } }) })
  const opener = (...keys: Buffer[]) =>
    createSecretOpener(createRedisStore(redis, 0), createVault({ keys, randomBytes }))

  test('can be written and replaced, and only the holder of the key can read them', async () => {
    const service = await serve(oldKey.toString('base64'))
    const plain = ['hunter2-first', 'hunter2-second'] as const
    const input = { name: 'Weather API', type: 'BEARER', value: plain[0] }
    const { data } = await graphql<Made>(service, create, { input })
    const { id } = data.createSecret
    expect(data.createSecret).toMatchObject({ name: 'Weather API', type: 'BEARER' })
    expect(await opener(oldKey).openByName(localAccount, 'WEATHER_API')).toEqual({ type: 'bearer', value: plain[0] })
    await graphql(service, update, { id, input: { value: plain[1] } })
    expect(await opener(oldKey).open(localAccount, id)).toEqual({ type: 'bearer', value: plain[1] })

    const stored = await everything(redis)
    expect(stored).toContain('Weather API')
    for (const value of plain) {
      expect(stored).not.toContain(value)
      expect(stored).not.toContain(Buffer.from(value).toString('base64').slice(0, 12))
      expect(stored).not.toContain(Buffer.from(value).toString('hex'))
    }
    expect(stored).not.toContain(oldKey.toString('base64'))

    const { data: read } = await graphql(service, '{ secrets { edges { node { id name type createdAt updatedAt } } } }')
    expect(read).toMatchObject({ secrets: { edges: [{ node: { id, name: 'Weather API', type: 'BEARER' } }] } })
    const asked = await transports.HTTP(service.url, { query: '{ secrets { edges { node { value } } } }' })
    expect(codes(asked)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(JSON.stringify(asked)).not.toContain('hunter2')
  })

  test('keys rotate: a new key in front seals, and the old key still opens what it sealed', async () => {
    const before = await serve(oldKey.toString('hex'))
    const { data } = await graphql<Made>(before, create, { input: { name: 'rotated', value: 'one' } })
    const { id } = data.createSecret
    await before.close()
    const after = await serve(`${newKey.toString('base64url')},${oldKey.toString('hex')}`)
    expect(await opener(newKey, oldKey).open(localAccount, id)).toEqual({ type: 'plain', value: 'one' })
    await expect(opener(newKey).open(localAccount, id)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await graphql(after, update, { id, input: { value: 'two' } })
    expect(await opener(newKey).open(localAccount, id)).toEqual({ type: 'plain', value: 'two' })
  })

  test('are refused without SECRETS_KEY, but stored ones can be renamed and deleted', async () => {
    const keyed = await serve(oldKey.toString('hex'))
    const { data } = await graphql<Made>(keyed, create, { input: { name: 'orphan', value: 'hunter2' } })
    const { id } = data.createSecret
    await keyed.close()
    const service = await serve(null)
    for (const operation of [
      { query: create, variables: { input: { name: 'a', value: 'hunter2' } } },
      { query: update, variables: { id, input: { value: 'hunter2' } } },
    ]) {
      const results = await transports.HTTP(service.url, operation)
      expect(codes(results)).toEqual(['UNAVAILABLE'])
      expect(results[0]?.errors?.[0]?.message).toContain('SECRETS_KEY')
    }
    expect(await graphql(service, update, { id, input: { name: 'renamed' } })).toMatchObject({
      data: { updateSecret: { id, name: 'renamed', type: 'PLAIN' } },
    })
    const remove = `mutation { deleteSecret(id: "${id}") { id } }`
    expect(await graphql(service, remove)).toEqual({ data: { deleteSecret: { id } } })
    expect(await everything(redis)).not.toContain(id)
  })
})

test('the embedded engine stores secrets without a key, and refuses two with the same spelling', async () => {
  const service = await startService()
  const input = { name: 'api key', value: 'hunter2' }
  expect(await graphql(service, create, { input })).toMatchObject({ data: { createSecret: { type: 'PLAIN' } } })
  const again = await transports.HTTP(service.url, {
    query: create,
    variables: { input: { ...input, name: 'API-KEY' } },
  })
  expect(codes(again)).toEqual(['CONFLICT'])
})
