import { beforeAll, expect, test } from 'vitest'
import { createAiSdkApi } from '../../../src/api/ai-sdk/api.ts'
import { apiDeps } from '../../server/edge.ts'
import { matrices } from '../../support/isolation/matrices.ts'
import { isolatedEnv, playEndpoints } from '../../support/isolation/play-endpoints.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ env: isolatedEnv })
})

test('every endpoint has a row', () => {
  // What a WebSocket is asked for has its own test: test/api/ai-sdk/socket.test.ts.
  const operations = createAiSdkApi(apiDeps({})).operations.filter((name) => !name.startsWith('WebSocket '))
  const names = operations.map((name) => {
    const [method = '', path = ''] = name.split(' ')
    return `${method.toLowerCase()} ${path.replaceAll(':id', '{conversationId}')}`
  })
  expect(new Set(matrices['ai-sdk'].map(({ name }) => name))).toEqual(new Set(names))
})

playEndpoints({ rows: matrices['ai-sdk'], url: () => service.url, base: '', chance: /answer_[\w-]+/g })
