import { beforeAll, describe, expect, test } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { codes, issuePaths, type Result, transports } from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const ask = async (service: Service, query: string, variables: Record<string, unknown> = {}): Promise<Result> => {
  const [result] = await transports.HTTP(service.url, { query, variables })
  if (result === undefined) throw new Error('HTTP answers once.')
  return result
}

/** What the only field of an operation answered; throws on errors. */
async function get<Value = Record<string, unknown>>(
  service: Service,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Value> {
  const { data, errors } = await ask(service, query, variables)
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors))
  return Object.values(data)[0] as Value
}

interface Named {
  readonly id: string
  readonly updatedAt: string
}

const titles = ['Bot', 'Contact', 'Dataset', 'Skillset'] as const
const inputs = { Bot: {}, Contact: {}, Dataset: { records: [] }, Skillset: { abilities: [] } } as const
const unknownId = `bot_${'x'.repeat(22)}`

describe.each(engines)('stored resources, on %s', (_name, _open, start) => {
  let place: EnginePlace
  let service: Service
  /** On the same engine; the same service where no other can be on it. */
  let other: Service
  beforeAll(async () => {
    place = await start()
    service = await startService({ env: place.env })
    other = place.isShared ? await startService({ env: place.env, role: 'api' }) : service
  })

  const create = <Value = Named>(title: string, input: object = {}, fields = 'id updatedAt') =>
    get<Value>(service, `mutation ($input: ${title}Input!) { create${title}(input: $input) { ${fields} } }`, { input })
  const update = <Value = Named>(title: string, id: string, input: object, fields = 'id updatedAt') => {
    const type = title === 'Bot' || title === 'Contact' ? `${title}Input` : `Update${title}Input`
    const query = `mutation ($id: ID!, $input: ${type}!) { update${title}(id: $id, input: $input) { ${fields} } }`
    return get<Value>(other, query, { id, input })
  }
  const remove = (title: string, id: string) =>
    get(service, `mutation ($id: ID!) { delete${title}(id: $id) { id } }`, { id })

  test.each(titles)('a %s is created, found from another process, changed and deleted', async (title) => {
    const noun = title.toLowerCase()
    const read = `query ($id: ID!) { ${noun}(id: $id) { id name description createdAt updatedAt } }`
    const made = await create(title, { ...inputs[title], name: 'n', description: 'd' }, 'id createdAt updatedAt')
    expect(made.id).toMatch(new RegExp(`^${noun}_[A-Za-z0-9]{22}$`))
    expect(await get(other, read, { id: made.id })).toEqual({ ...made, name: 'n', description: 'd' })
    const changed = await update(title, made.id, { description: null })
    expect(changed.updatedAt > made.updatedAt).toBe(true)
    expect(await get(service, read, { id: made.id })).toEqual({
      ...made,
      name: 'n',
      description: null,
      updatedAt: changed.updatedAt,
    })
    expect(await remove(title, made.id)).toEqual({ id: made.id })
    expect(await get(other, read, { id: made.id })).toBeNull()
  })

  test.each([...titles, 'Secret'])('changing or deleting an unknown %s is NOT_FOUND', async (title) => {
    const type = title === 'Bot' || title === 'Contact' ? `${title}Input` : `Update${title}Input`
    // The last would be the name of another key of Redis's, of another type.
    const real = await create('Dataset', { records: [{ text: '' }] })
    for (const id of [unknownId, '', 'x}:item:*', `${real.id}:order`]) {
      const mutation = `mutation ($id: ID!, $input: ${type}!) { update${title}(id: $id, input: $input) { id } }`
      expect(codes([await ask(service, mutation, { id, input: {} })])).toEqual(['NOT_FOUND'])
      expect(codes([await ask(service, `mutation ($id: ID!) { delete${title}(id: $id) { id } }`, { id })])).toEqual([
        'NOT_FOUND',
      ])
      if (title === 'Secret') continue
      expect(await get(service, `query ($id: ID!) { ${title.toLowerCase()}(id: $id) { id } }`, { id })).toBeNull()
    }
  })

  test('a bot outlives its deleted dataset and skillset', async () => {
    const dataset = await create('Dataset', { name: 'facts', records: [{ text: 'one' }] })
    const skillset = await create('Skillset', { name: 'skills', abilities: [] })
    const fields = 'id model backstory dataset { id name records { edges { node { text } } } } skillset { id name }'
    const input = { model: 'demo/words=5', backstory: 'b', datasetId: dataset.id, skillsetId: skillset.id }
    const bot = await create<Named & object>('Bot', input, fields)
    expect(bot).toEqual({
      id: bot.id,
      model: 'demo/words=5',
      backstory: 'b',
      dataset: { id: dataset.id, name: 'facts', records: { edges: [{ node: { text: 'one' } }] } },
      skillset: { id: skillset.id, name: 'skills' },
    })
    await remove('Dataset', dataset.id)
    await remove('Skillset', skillset.id)
    const read = `query ($id: ID!) { bot(id: $id) { ${fields} } }`
    expect(await get(other, read, { id: bot.id })).toEqual({ ...bot, dataset: null, skillset: null })
    expect(await update('Bot', bot.id, { datasetId: null, model: 'demo' }, 'model dataset { id }')).toEqual({
      model: 'demo',
      dataset: null,
    })
  })

  test.each([
    ['Bot', { datasetId: unknownId, skillsetId: 'nonsense' }, ['input.datasetId', 'input.skillsetId']],
    [
      'Skillset',
      { abilities: [{ name: 'a', description: '', instruction: '', secretId: unknownId }] },
      ['input.abilities.0.secretId'],
    ],
  ])('a %s that refers to what is not there is NOT_FOUND, by the field', async (title, input, paths) => {
    const result = await ask(service, `mutation ($input: ${title}Input!) { create${title}(input: $input) { id } }`, {
      input,
    })
    expect([codes([result]), issuePaths([result])]).toEqual([['NOT_FOUND'], paths])
  })

  test('a fingerprint belongs to one contact, even under concurrent creates from both processes', async () => {
    const mutation = 'mutation ($input: ContactInput!) { createContact(input: $input) { id fingerprint } }'
    const attempts = Array.from({ length: 10 }, (_, n) =>
      ask(n % 2 === 0 ? service : other, mutation, { input: { fingerprint: 'ada', name: `${n}` } }),
    )
    const results = await Promise.all(attempts)
    const refused = results.filter(({ errors }) => errors !== undefined)
    expect(codes(refused)).toEqual(Array(9).fill('CONFLICT'))
    expect(new Set(issuePaths(refused))).toEqual(new Set(['input.fingerprint']))

    const bob = await create('Contact', { fingerprint: 'bob', meta: { list: [], n: 0 } }, 'id meta')
    const rename = 'mutation ($id: ID!) { updateContact(id: $id, input: { fingerprint: "ada" }) { id } }'
    expect(codes([await ask(other, rename, { id: bob.id })])).toEqual(['CONFLICT'])
    await update('Contact', bob.id, { fingerprint: 'robert' })
    expect(await create('Contact', { fingerprint: 'bob' }, 'fingerprint meta')).toEqual({
      fingerprint: 'bob',
      meta: null,
    })
    await remove('Contact', bob.id)
    await create('Contact', { fingerprint: 'robert' })
  })

  test('concurrent changes of different fields from both processes all take effect', async () => {
    const { id } = await create('Contact')
    const changes = ['name', 'description', 'email', 'phone', 'nick', 'fingerprint']
    const send = (field: string, n: number) =>
      get(
        n % 2 === 0 ? service : other,
        'mutation ($id: ID!, $input: ContactInput!) { updateContact(id: $id, input: $input) { id } }',
        { id, input: { [field]: `${field}!` } },
      )
    await Promise.all(changes.map(send))
    const read = `query ($id: ID!) { contact(id: $id) { ${changes.join(' ')} } }`
    expect(await get(service, read, { id })).toEqual(Object.fromEntries(changes.map((name) => [name, `${name}!`])))
  })

  test('lists page newest first, and concurrent creates neither repeat nor hide items', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await create('Skillset', { name: `${n}`, abilities: [] })).id)
    const query = `query ($after: String) { skillsets(first: 2, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
    interface Page {
      readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
      readonly pageInfo: {
        readonly hasNextPage: boolean
        readonly hasPreviousPage: boolean
        readonly endCursor: string
      }
    }
    const seen: string[] = []
    let after: string | null = null
    for (let n = 0; n < 2; n++) {
      const page: Page = await get<Page>(other, query, { after })
      expect(page.pageInfo).toEqual({
        hasNextPage: true,
        hasPreviousPage: after !== null,
        startCursor: page.edges[0]?.cursor,
        endCursor: page.edges[1]?.cursor,
      })
      seen.push(...page.edges.map(({ node }) => node.id))
      after = page.pageInfo.endCursor
      await create('Skillset', { abilities: [] })
    }
    expect(seen).toEqual(made.slice(0, 4))
  })

  test('records are paged in order, and created, changed and deleted one by one', async () => {
    const records = [{ text: 'a', meta: { n: 1 } }, { text: 'b' }, { text: 'c' }]
    const dataset = await create('Dataset', { records })
    const read = `query ($id: ID!, $after: String) { dataset(id: $id) { updatedAt records(first: 2, after: $after) {
      edges { cursor node { id text meta } } pageInfo { hasNextPage endCursor } } } }`
    interface Read {
      readonly records: {
        readonly edges: readonly { readonly node: { readonly id: string; readonly text: string } }[]
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
      }
    }
    const first = await get<Read>(service, read, { id: dataset.id })
    expect(first).toMatchObject({
      records: { edges: [{ node: { text: 'a', meta: { n: 1 } } }, { node: { text: 'b', meta: null } }] },
    })
    const write = (name: string, args: string, input: object, fields = 'id text meta') =>
      get<{ readonly id: string }>(
        other,
        `mutation ($input: RecordInput!) { ${name}(datasetId: "${dataset.id}", ${args}input: $input) { ${fields} } }`,
        { input },
      )
    const [a, b] = first.records.edges.map(({ node }) => node.id)
    expect(await write('createRecord', '', { text: 'd' })).toMatchObject({ text: 'd', meta: null })
    expect(await write('updateRecord', `id: "${a}", `, { text: 'A' })).toEqual({ id: a, text: 'A', meta: { n: 1 } })
    await get(other, `mutation { deleteRecord(datasetId: "${dataset.id}", id: "${b}") { id } }`)
    const rest = { id: dataset.id, after: first.records.pageInfo.endCursor }
    expect(await get(service, read, rest)).toMatchObject({
      records: { edges: [{ node: { text: 'c' } }, { node: { text: 'd' } }], pageInfo: { hasNextPage: false } },
    })
    await update('Dataset', dataset.id, { records: [{ text: 'new' }] })
    expect(await get(service, read, { id: dataset.id })).toMatchObject({
      records: { edges: [{ node: { text: 'new' } }] },
    })
    await update('Dataset', dataset.id, { records: null })
    expect(await get(service, read, { id: dataset.id })).toMatchObject({ records: { edges: [] } })
    for (const mutation of [
      `createRecord(datasetId: "${unknownId}", input: { text: "" })`,
      `updateRecord(datasetId: "${dataset.id}", id: "${b}", input: { text: "" })`,
      `deleteRecord(datasetId: "${dataset.id}", id: "${b}")`,
    ]) {
      expect(codes([await ask(service, `mutation { ${mutation} { id } }`)])).toEqual(['NOT_FOUND'])
    }
  })

  test('abilities are replaced as a whole with new ids, or stay unchanged', async () => {
    const ability = { name: 'a', description: 'd', instruction: 'i', meta: { n: 1 } }
    interface Skillset extends Named {
      readonly abilities: readonly { readonly id: string }[]
    }
    const fields = 'id name abilities { id name description instruction secretId meta }'
    const made = await create<Skillset>('Skillset', { abilities: [ability, { ...ability, name: 'b' }] }, fields)
    expect(made.abilities).toEqual([
      { id: expect.stringMatching(/^ability_\w{22}$/), secretId: null, ...ability },
      { id: expect.any(String), secretId: null, ...ability, name: 'b' },
    ])
    expect(await update('Skillset', made.id, { name: 'n' }, fields)).toEqual({ ...made, name: 'n' })
    const replaced = await update<Skillset>('Skillset', made.id, { abilities: [ability] }, fields)
    expect(replaced.abilities).toHaveLength(1)
    expect(made.abilities.map(({ id }) => id)).not.toContain(replaced.abilities[0]?.id)
    expect(await update('Skillset', made.id, { abilities: null }, 'abilities { id }')).toEqual({ abilities: [] })
  })

  test('a contact without dispatches has an empty page of them', async () => {
    const page = { edges: [], pageInfo: { hasNextPage: false } }
    const fields = 'dispatches(first: 5) { edges { node { id } } pageInfo { hasNextPage } }'
    expect(await create('Contact', {}, fields)).toEqual({ dispatches: page })
  })
})
