import { beforeAll, expect, test } from 'vitest'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})

const list = (path: string) => fetch(`${service.url}/v1${path}`, { headers: { accept: 'application/jsonl' } })

test.each([
  ['/dataset/dataset_0123456789012345678901/record/list', 404, 'NOT_FOUND'],
  ['/skillset/skillset_0123456789012345678901/ability/list', 404, 'NOT_FOUND'],
  ['/bot/list?cursor=nowhere', 400, 'BAD_REQUEST'],
])('as JSON Lines, %s is refused before anything is out', async (path, status, code) => {
  const response = await list(path)
  expect([response.status, await response.json()]).toMatchObject([status, { code }])
})

test('a list as JSON Lines contains all items, or as many as requested', async () => {
  const records = Array.from({ length: 205 }, (_, n) => ({ text: `Record ${n}` }))
  const query = 'mutation ($records: [RecordInput!]!) { createDataset(input: { records: $records }) { id } }'
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { records } }),
  })
  const { data } = (await response.json()) as { data: { createDataset: { id: string } } }
  const texts = async (query: string) => {
    const body = await (await list(`/dataset/${data.createDataset.id}/record/list${query}`)).text()
    return body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).data.text as string]))
  }
  const all = records.map(({ text }) => text)
  expect(await texts('')).toEqual(all)
  expect(await texts('?take=150')).toEqual(all.slice(0, 150))
  expect(await texts('?take=100')).toEqual(all.slice(0, 100))
})
