import { beforeAll, expect, test } from 'vitest'
import { codes, issuePaths, transports } from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
let ids: Record<string, string>
beforeAll(async () => {
  service = await startService()
  const [made] = await transports.HTTP(service.url, {
    query: `mutation {
      Bot: createBot(input: {}) { id }
      Contact: createContact(input: {}) { id }
      Dataset: createDataset(input: { records: [] }) { id }
      Skillset: createSkillset(input: { abilities: [] }) { id }
      Secret: createSecret(input: { name: "kept", value: "v" }) { id }
    }`,
  })
  ids = Object.fromEntries(
    Object.entries(made?.data ?? {}).map(([name, value]) => [name, (value as { id: string }).id]),
  )
})

const long = (length: number) => 'x'.repeat(length)
const nested = (depth: number): object => (depth === 0 ? {} : { inner: nested(depth - 1) })
const ability = { name: 'a', description: 'd', instruction: 'i' }

type Case = readonly [title: string, input: object, paths: readonly string[]]

/** Wrong in a create and in an update alike; `needed` is what a create asks for besides. */
const always: readonly Case[] = [
  [
    'Bot',
    { name: long(201), description: long(2001), model: '', backstory: long(1_000_001) },
    ['input.name', 'input.description', 'input.model', 'input.backstory'],
  ],
  ['Bot', { model: 'nobody:has-this' }, ['input.model']],
  ['Bot', { model: 'demo/volume=11' }, ['input.model']],
  ['Bot', { model: long(501) }, ['input.model']],
  [
    'Contact',
    { fingerprint: '', name: long(201), description: long(2001), email: long(201), phone: long(201), nick: long(201) },
    ['input.fingerprint', 'input.name', 'input.description', 'input.email', 'input.phone', 'input.nick'],
  ],
  ['Contact', { fingerprint: long(201), meta: nested(101) }, ['input.fingerprint', 'input.meta']],
  ['Dataset', { records: Array(10_001).fill({ text: '' }) }, ['input.records']],
  ['Dataset', { name: long(201), description: long(2001), records: [] }, ['input.name', 'input.description']],
  [
    'Dataset',
    { records: [{ text: '' }, { text: long(1_000_001) }, { text: '', meta: nested(101) }] },
    ['input.records.1.text', 'input.records.2.meta'],
  ],
  ['Skillset', { abilities: Array(101).fill(ability) }, ['input.abilities']],
  ['Skillset', { name: long(201), description: long(2001), abilities: [] }, ['input.name', 'input.description']],
  [
    'Skillset',
    {
      abilities: [
        { ...ability, name: '' },
        { name: long(201), description: long(2001), instruction: long(1_000_001), meta: nested(101) },
      ],
    },
    [
      'input.abilities.0.name',
      'input.abilities.1.name',
      'input.abilities.1.description',
      'input.abilities.1.instruction',
      'input.abilities.1.meta',
    ],
  ],
  ['Secret', { name: '', value: '' }, ['input.name', 'input.value']],
  // Bytes, not characters.
  ['Secret', { name: long(201), value: 'é'.repeat(8193) }, ['input.name', 'input.value']],
  ['Secret', { name: 'a', value: 'v', type: 'OAUTH' }, ['input.type']],
]

const inputType = (title: string) => (title === 'Bot' || title === 'Contact' ? `${title}Input` : `Update${title}Input`)

async function refusal(query: string, variables: Record<string, unknown>) {
  const results = await transports.HTTP(service.url, { query, variables })
  return { codes: codes(results), paths: issuePaths(results) }
}

test.each(always)('a new %s is refused by the field: %#', async (title, input, paths) => {
  const query = `mutation ($input: ${title}Input!) { create${title}(input: $input) { id } }`
  expect(await refusal(query, { input })).toEqual({ codes: ['BAD_USER_INPUT'], paths })
})

test.each([...always, ['Secret', { name: null, value: null }, ['input.name', 'input.value']] satisfies Case])(
  'a change of a %s is refused by the field: %#',
  async (title, input, paths) => {
    const query = `mutation ($id: ID!, $input: ${inputType(title)}!) { update${title}(id: $id, input: $input) { id } }`
    expect(await refusal(query, { id: ids[title], input })).toEqual({ codes: ['BAD_USER_INPUT'], paths })
  },
)

test.each([
  [{ text: long(1_000_001) }, ['input.text']],
  [{ text: '', meta: nested(101) }, ['input.meta']],
  [{ text: null }, ['input.text']],
  [{ meta: {} }, ['input']],
])('a record is refused by the field: %#', async (input, paths) => {
  const query = 'mutation ($id: ID!, $input: RecordInput!) { createRecord(datasetId: $id, input: $input) { id } }'
  expect(await refusal(query, { id: ids['Dataset'], input })).toEqual({ codes: ['BAD_USER_INPUT'], paths })
})

test('a full dataset refuses more records and names its limits', async () => {
  const record = { text: long(1_000_000) }
  const create = 'mutation ($input: DatasetInput!) { createDataset(input: $input) { id } }'
  const [made] = await transports.HTTP(service.url, {
    query: create,
    variables: { input: { records: Array(7).fill(record) } },
  })
  const dataset = made?.data?.['createDataset'] as { id: string } | undefined
  const id = dataset?.id
  const query = 'mutation ($id: ID!, $input: RecordInput!) { createRecord(datasetId: $id, input: $input) { id } }'
  for (let n = 0; n < 8; n++) expect((await refusal(query, { id, input: record })).codes).toEqual([])
  expect(await refusal(query, { id, input: record })).toEqual({ codes: ['LIMIT_EXCEEDED'], paths: ['input'] })
  expect((await refusal(query, { id, input: { text: long(900_000) } })).codes).toEqual([])
})

test.each(['bots', 'contacts', 'datasets', 'skillsets', 'secrets'])(
  'a page of %s is refused by the argument',
  async (list) => {
    const page = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) { edges { cursor } } }`
    const place = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const first of [0, -1, 101]) {
      expect(await refusal(page, { first })).toEqual({ codes: ['BAD_USER_INPUT'], paths: ['first'] })
    }
    for (const after of ['', 'nonsense', place(1), place([]), place([0]), place([1.5]), place(['1']), place([1, 2])]) {
      expect(await refusal(page, { after })).toEqual({ codes: ['BAD_USER_INPUT'], paths: ['after'] })
    }
    expect(await refusal(page, { first: 1, after: place([1]) })).toEqual({ codes: [], paths: [] })
  },
)
