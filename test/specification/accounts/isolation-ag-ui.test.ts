import { beforeAll, expect, test } from 'vitest'
import { createAgUiApi } from '../../../src/api/ag-ui/api.ts'
import { apiDeps } from '../../server/edge.ts'
import { matrices } from '../../support/isolation/matrices.ts'
import { isolatedEnv, playEndpoints } from '../../support/isolation/play-endpoints.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ env: isolatedEnv })
})

test('every endpoint has a row', () => {
  const names = createAgUiApi(apiDeps({})).operations.map((name) => {
    const [method = '', path = ''] = name.split(' ')
    return `${method.toLowerCase()} ${path.replaceAll(':agent', '{agent}')}`
  })
  expect(new Set(matrices['ag-ui'].map(({ name }) => name))).toEqual(new Set(names))
})

playEndpoints({ rows: matrices['ag-ui'], url: () => service.url, base: '', chance: /agui_[\w-]+|[\da-f-]{36}/g })
