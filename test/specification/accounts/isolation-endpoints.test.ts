import { beforeAll, expect, test } from 'vitest'
import { matrices } from '../../support/isolation/matrices.ts'
import { isolatedEnv, playEndpoints } from '../../support/isolation/play-endpoints.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ env: isolatedEnv })
})

test('every endpoint has a row', async () => {
  const response = await fetch(`${service.url}/openapi.json`)
  const { paths } = (await response.json()) as { paths: Record<string, object> }
  const names = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((one) => `${one} ${path}`))
  // GraphQL itself has its own: see isolation.test.ts.
  expect(new Set(['post /graphql', ...matrices.chatbotkit.map(({ name }) => name)])).toEqual(new Set(names))
})

playEndpoints({ rows: matrices.chatbotkit, url: () => service.url, base: '/v1' })
