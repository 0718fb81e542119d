import { beforeAll, expect, test } from 'vitest'
import { createOpenaiApi } from '../../../src/api/openai/api.ts'
import { apiDeps } from '../../server/edge.ts'
import { matrices } from '../../support/isolation/matrices.ts'
import { isolatedEnv, playEndpoints } from '../../support/isolation/play-endpoints.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ env: isolatedEnv })
})

test('every endpoint has a row', () => {
  const { operations } = createOpenaiApi(apiDeps({}))
  const rows = matrices.openai.map(({ name }) => name.split(' ').slice(0, 2).join(' ').replace('?stream=true', ''))
  expect(new Set(rows)).toEqual(new Set(operations))
})

playEndpoints({
  rows: matrices.openai,
  url: () => service.url,
  base: '',
  pathOf: (template, { channelId = '', model = '' }) =>
    template.replace(':id', `resp_${channelId}`).replace(':model', model),
  chance: /(?<="(created_at|completed_at)":)\d+/g,
  untold: '"role":"system"',
})
