import { expect, test } from 'vitest'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { newKey, newRun } from '../../support/run/runs.ts'
import { startService } from '../../support/service/start-service.ts'
import { graphql } from '../../support/watching/watchers.ts'

test('a contact lists only its own dispatches, newest first, in pages', async () => {
  const redis = await startRedis()
  const service = await startService({ redisUrl: redis.url, role: 'api' })
  const engine = await connectRedisEngine(redis.url)
  const { data } = await graphql<{ createContact: { id: string } }>(
    service,
    'mutation { createContact(input: {}) { id } }',
  )
  const { id } = data.createContact
  const own: string[] = []
  for (let createdAt = 1; createdAt <= 7; createdAt++) {
    const key = newKey()
    const contactId = createdAt % 2 === 1 ? id : null
    await engine.runs.create(key, newRun({ contactId, createdAt }))
    if (contactId !== null) own.unshift(key.channel)
  }
  const query = `query ($id: ID!, $after: String) { contact(id: $id) { dispatches(first: 3, after: $after) {
    edges { node { id status } } pageInfo { hasNextPage endCursor } } } }`
  interface Read {
    contact: {
      dispatches: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    }
  }
  const first = (await graphql<Read>(service, query, { id })).data.contact.dispatches
  expect([first.edges.map(({ node }) => node.id), first.pageInfo.hasNextPage]).toEqual([own.slice(0, 3), true])
  const after = first.pageInfo.endCursor
  const second = (await graphql<Read>(service, query, { id, after })).data.contact.dispatches
  expect([second.edges.map(({ node }) => node.id), second.pageInfo.hasNextPage]).toEqual([own.slice(3), false])
})
