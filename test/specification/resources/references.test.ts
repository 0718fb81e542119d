import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

describe.each(engines)('the references of a dispatch, on %s', (engine, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })

  test('a bot provides model, backstory, dataset and skillset; fields of the dispatch override them', async () => {
    const { service, play, run, create } = extended
    const { name: model, calls } = play({ lines: ['From the bot.'] })
    const datasetId = await create('createDataset', 'DatasetInput', {
      name: 'Facts',
      records: [{ text: 'Water is wet.' }],
    })
    const skillsetId = await create('createSkillset', 'SkillsetInput', {
      name: 'Tools',
      abilities: [{ name: 'Say It', description: 'Says it back', instruction: '```echo\n$[what!]\n```' }],
    })
    const botId = await create('createBot', 'BotInput', {
      name: 'Bo',
      model,
      backstory: 'You are ${BOT_NAME}.',
      datasetId,
      skillsetId,
    })
    const channelId = await dispatch(service, { botId })
    const events = await collect(watchWebsocket(service, { channelId }))
    expect(events.at(-1)?.result?.text).toBe('From the bot.')
    const [seen] = calls
    const system = seen?.prompt[0]?.role === 'system' ? seen.prompt[0].text : ''
    expect(system).toMatch(/^You are Bo\.\n\n# Dataset: Facts\n[\s\S]*Water is wet\.[\s\S]*# Skillset/)
    expect(seen?.tools?.map(({ name }) => name)).toEqual(['say_it'])

    const own = await run({ botId, backstory: 'You are mine.' })
    expect(own.system).toMatch(/^You are mine\.\n\n# Dataset/)
    const { data } = await graphql<{ dispatch: object }>(
      service,
      `{ dispatch(channelId: "${own.channelId}") { bot { id name } contact { id } } }`,
    )
    expect(data.dispatch).toEqual({ bot: { id: botId, name: 'Bo' }, contact: null })
  })

  test('changing a bot does not affect a run in progress', async () => {
    const { service, play, create } = extended
    const gate = Promise.withResolvers<void>()
    const botId = await create('createBot', 'BotInput', { backstory: 'Before.' })
    const { name: model, calls } = play({ lines: [gate.promise, { call: 'f' }] }, { lines: ['Done.'] })
    const functions = [{ name: 'f', description: 'F', parameters: { type: 'object' }, result: { data: 1 } }]
    const channelId = await dispatch(service, { model, botId, functions })
    await expect.poll(() => calls.length).toBe(1)
    await graphql(service, `mutation { updateBot(id: "${botId}", input: {backstory: "After."}) { id } }`)
    gate.resolve()
    await collect(watchWebsocket(service, { channelId }))
    expect(calls[1]?.prompt[0]).toEqual({ role: 'system', text: 'Before.' })
  })

  test('a reference to a missing resource is an error of the mutation that names the field', async () => {
    const { service, create, refusal } = extended
    const missing = await refusal({
      botId: 'bot_x',
      contactId: 'contact_x',
      datasetId: 'dataset_x',
      skillsetId: 'skillset_x',
    })
    expect(missing).toEqual({
      code: 'NOT_FOUND',
      issues: [
        { path: ['input', 'botId'], message: 'there is no bot by that id' },
        { path: ['input', 'contactId'], message: 'there is no contact by that id' },
        { path: ['input', 'datasetId'], message: 'there is no dataset by that id' },
        { path: ['input', 'skillsetId'], message: 'there is no skillset by that id' },
      ],
    })
    const datasetId = await create('createDataset', 'DatasetInput', { records: [] })
    const botId = await create('createBot', 'BotInput', { datasetId })
    await graphql(service, `mutation { deleteDataset(id: "${datasetId}") { id } }`)
    expect(await refusal({ botId })).toEqual({
      code: 'NOT_FOUND',
      issues: [{ path: ['input', 'botId'], message: 'there is no longer a dataset that the bot refers to by that id' }],
    })
    const ability = {
      name: 'a',
      description: 'An ability',
      instruction: '```fetch\nurl: https://x.example\nheaders:\n  A: ${SECRET_TOKEN}\n```',
    }
    expect(
      await refusal({ extensions: { skillsets: [{ abilities: [ability, { ...ability, secretId: 'secret_x' }] }] } }),
    ).toEqual({
      code: 'NOT_FOUND',
      issues: [
        {
          path: ['input', 'extensions', 'skillsets', 0, 'abilities', 0, 'instruction'],
          message: 'there is no secret named TOKEN',
        },
        {
          path: ['input', 'extensions', 'skillsets', 0, 'abilities', 1, 'secretId'],
          message: 'there is no secret by that id',
        },
        {
          path: ['input', 'extensions', 'skillsets', 0, 'abilities', 1, 'instruction'],
          message: 'there is no secret named TOKEN',
        },
      ],
    })
  })

  test('a contact is found or created by its fingerprint, only once under concurrent dispatches; a stored contact does not change', async () => {
    const { service, run, refusal } = extended
    const contact = { fingerprint: `person-${engine}`, name: 'Ann', meta: { plan: 'pro' } }
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        run({ contact: { ...contact, name: `Ann ${n}` }, backstory: 'For ${CONTACT_NAME}, ${CONTACT_META_PLAN}.' }),
      ),
    )
    const systems = new Set(runs.map(({ system }) => system))
    expect(systems.size).toBe(1)
    expect([...systems][0]).toMatch(/^For Ann \d, pro\.$/)
    const { data } = await graphql<{
      contacts: { edges: { node: { id: string; dispatches: { edges: unknown[] } } }[] }
    }>(
      service,
      '{ contacts(first: 2) { edges { node { id fingerprint dispatches(first: 10) { edges { node { id contact { fingerprint } } } } } } } }',
    )
    const [found, another] = data.contacts.edges
    expect(another).toBe(undefined)
    expect(found?.node.dispatches.edges).toHaveLength(8)
    expect(found?.node.dispatches.edges[0]).toMatchObject({ node: { contact: { fingerprint: contact.fingerprint } } })
    expect(await refusal({ contact, contactId: found?.node.id })).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['input', 'contact'] }],
    })
    const again = await run({ contactId: found?.node.id, backstory: 'For ${CONTACT_NAME}.' })
    expect(again.system).toMatch(/^For Ann \d\.$/)
  })
})
