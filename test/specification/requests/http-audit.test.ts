import { serverAudits } from 'graphql-http'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  for (const audit of serverAudits({ url: () => `${service.url}/graphql` })) {
    test(`${audit.id}: ${audit.name}`, async () => {
      const result = await audit.fn()
      expect(result).toMatchObject({ status: 'ok' })
    })
  }
})
