import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { all, connect, request, subscribed, unwrapped } from '../../support/chatbotkit.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

const time = expect.any(Number)
const stamps = { createdAt: time, updatedAt: time }

describe.each(engines)('resources by the unmodified SDK on %s', (engine, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })
  const client = () => connect(extended.service)

  test('a bot is created, fetched, updated, listed and deleted', async () => {
    const { bot } = client()
    const unknown = bot.create({ name: 'A', model: { name: 'nobody:x', config: {} } } as never)
    await expect(unknown).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringMatching(/^model: /) })
    const { id } = await bot.create({ name: 'A', backstory: 'Ü', model: 'demo', privacy: true } as never)
    expect(await bot.fetch(id)).toEqual({ id, name: 'A', backstory: 'Ü', model: 'demo', ...stamps })
    expect(await bot.update(id, { name: 'B', backstory: null } as never)).toEqual({ id })
    expect(await bot.fetch(id)).toEqual({ id, name: 'B', model: 'demo', ...stamps })
    expect(await bot.list()).toEqual({ items: [{ id, name: 'B', model: 'demo', ...stamps }] })
    expect(await bot.delete(id)).toEqual({ id })
    await expect(bot.fetch(id)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no bot by that id.' })
  })

  test('a list is paged, newest first, or streamed completely', async () => {
    const { contact } = client()
    const made: string[] = []
    for (const name of ['1', '2', '3']) made.unshift((await contact.create({ name })).id)
    const first = await contact.list({ take: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(made.slice(0, 2))
    const { cursor } = first as unknown as { cursor: string }
    const rest = await contact.list({ take: 2, cursor })
    expect(rest.items.map(({ id }) => id).slice(0, 1)).toEqual(made.slice(2))
    const streamed = await all(contact.list().stream())
    expect(streamed.slice(0, 3).map(({ type, data }) => [type, data.id])).toEqual(made.map((id) => ['item', id]))
    const filtered = contact.list({ meta: { a: 'b' } } as never)
    await expect(filtered).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('ensuring a contact finds it by its fingerprint and changes nothing', async () => {
    const { contact } = client()
    const fingerprint = `f-${engine}`
    const ensured = await contact.ensure({ fingerprint, name: 'Ada' })
    expect(await contact.ensure({ fingerprint, name: 'Bob' })).toEqual(ensured)
    expect(await contact.fetch(ensured.id)).toEqual({ id: ensured.id, fingerprint, name: 'Ada', ...stamps })
    await expect(contact.create({ fingerprint })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a dataset has records and can be searched', async () => {
    const { dataset } = client()
    const { id } = await dataset.create({ name: 'Places' } as never)
    const paris = await dataset.record.create(id, {
      text: 'Paris is the capital of France.',
      meta: { page: 1 },
    } as never)
    const rome = await dataset.record.create(id, { text: 'Rome is the capital of Italy.' } as never)
    expect(await dataset.record.list(id)).toMatchObject({ items: [{ id: paris.id }, { id: rome.id }] })
    expect(await dataset.search(id, 'capital of Italy')).toMatchObject({
      id,
      records: [{ id: rome.id, text: 'Rome is the capital of Italy.', score: time }, { id: paris.id }],
    })
    await dataset.record.update(id, rome.id, { meta: { page: 2 } } as never)
    expect(await dataset.record.fetch(id, rome.id)).toEqual({
      id: rome.id,
      text: 'Rome is the capital of Italy.',
      meta: { page: 2 },
    })
    await dataset.record.delete(id, paris.id)
    await expect(dataset.record.fetch(id, paris.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await dataset.delete(id)
    await expect(dataset.record.list(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a run executes the abilities of a skillset with their secret', async () => {
    const { skillset, secret, conversation } = client()
    const { id: secretId } = await secret.create({ name: `Key ${engine}`, type: 'bearer', value: 'hunter2' } as never)
    expect(JSON.stringify([await secret.fetch(secretId), await secret.list()])).not.toContain('hunter2')
    const { id } = await skillset.create({ name: 'Tools' } as never)
    const instruction = `\`\`\`fetch\nGET http://127.0.0.1:${extended.port}/it HTTP/1.1\nAuthorization: \${SECRET_DEFAULT}\n\`\`\``
    const ability = { name: 'get it', description: 'Gets it from inside.', instruction, linkedSecretId: secretId }
    const first = await skillset.ability.create(id, ability as never)
    const second = await skillset.ability.create(id, { ...ability, name: 'other' } as never)
    await skillset.ability.update(id, second.id, { name: 'another' } as never)
    expect(await skillset.ability.list(id)).toMatchObject({
      items: [
        { id: first.id, name: 'get it', secretId, linkedSecretId: secretId },
        { id: second.id, name: 'another' },
      ],
    })
    await skillset.ability.delete(id, second.id)

    const { name } = extended.play({ lines: [{ call: 'get_it' }] }, { lines: ['Got it.'] })
    const { channelId } = await conversation.dispatch(null, request({ model: name, skillsetId: id }))
    const told = JSON.stringify(unwrapped(await subscribed(client(), channelId)))
    expect(told).toContain('Got it.')
    expect(told).toContain('/it')
    expect(told).not.toContain('hunter2')
  })

  test('extensions name a secret by either of its names', async () => {
    const { secret, conversation } = client()
    const { id } = await secret.create({ name: `Other ${engine}`, value: 'v' } as never)
    const refused = await Promise.all(
      [{ secretId: id }, { linkedSecretId: id }, { secretId: 'no_1' }, { linkedSecretId: 'no_1' }].map(
        async (fields) => {
          const abilities = [
            { name: 'say', description: 'Says something.', instruction: '```echo\nhi\n```', ...fields },
          ]
          const extensions = { skillsets: [{ abilities }] }
          const { name } = extended.play({ lines: ['Ok.'] })
          return conversation.dispatch(null, request({ model: name, extensions })).then(
            () => 'accepted',
            ({ code, message }) => `${code} ${message}`,
          )
        },
      ),
    )
    const missing = 'NOT_FOUND extensions.skillsets[0].abilities[0].secretId: there is no secret by that id'
    expect(refused).toEqual(['accepted', 'accepted', missing, missing])
  })

  test('an unsupported field is refused by name, not dropped', async () => {
    await expect(client().bot.create({ name: 'A', alias: 'a' } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('alias'),
    })
  })
})
