import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

describe.each(engines)('extensions of a dispatch, on %s', (engine, _open, start) => {
  let extended: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    extended = await startExtendedService(start)
  })

  test('the prompt has its documented order, and its placeholders are filled once, at dispatch', async () => {
    const { run } = extended
    const { system, names } = await run({
      backstory: 'First ${EARTH_DATE}.',
      timezone: 'Pacific/Auckland',
      extensions: {
        backstory: 'Last.',
        features: [
          { name: 'notes', options: { notes: ['Mind ${CONTACT_NAME}.'] } },
          { name: 'backstory', options: { mode: 'extend', text: 'Second.' } },
          { name: 'time' },
        ],
        datasets: [{ name: 'Small', description: 'Little', records: [{ text: 'One ${CONTACT_NAME}.' }] }],
        skillsets: [
          {
            name: 'Inline',
            description: 'Things',
            abilities: [{ name: 'Echo', description: 'Says it back', instruction: '```echo\n$[x]\n```' }],
          },
        ],
      },
      contact: { fingerprint: `order-${engine}`, name: 'Injected ${BOT_NAME}' },
    })
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Pacific/Auckland' }).format(Date.now())
    const places = [
      `First ${today}.`,
      'Second.',
      '!NB: Mind Injected ${BOT_NAME}.',
      '# Inline Dataset: Small',
      '# Inline Skillset',
      'Last.',
    ].map((part) => system.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(system).toContain('One ${CONTACT_NAME}.')
    expect(names).toContain('Echo')
    expect(names).toHaveLength(2)
  })

  test('a large dataset becomes a search function', async () => {
    const { run } = extended
    const records = Array.from({ length: 400 }, (_, n) => ({
      text: `Item ${n} is kept in room ${(n * 7) % 100}, beside the ${n % 2 ? 'red' : 'blue'} door.`,
    }))
    const odd = { text: 'The zebra umbrella was last seen in Valparaíso.', meta: { page: 7 } }
    const { system, names, events } = await run(
      {
        extensions: {
          datasets: [{ name: 'Lost & Found', description: 'Where things are', records: [...records, odd] }],
        },
      },
      { lines: [{ call: 'search_lost_found', arguments: { query: 'zebra umbrella' } }] },
      { lines: ['Found.'] },
    )
    expect(system).not.toContain('zebra')
    expect(names).toEqual(['search_lost_found'])
    const found = events.find(({ __typename }) => __typename === 'FunctionCallCompleted')?.data as {
      records: { text: string; meta: unknown }[]
    }
    expect(found.records[0]).toMatchObject({
      text: 'The zebra umbrella was last seen in Valparaíso.',
      meta: { page: 7 },
    })
  })

  test('an ability reaches hosts on the allow-list with its secret, and no other internal host', async () => {
    const { port, run, create } = extended
    const secretId = await create('createSecret', 'SecretInput', {
      name: `Api ${engine}`,
      type: 'BEARER',
      value: 'hunter2-hunter2',
    })
    const fetch = (url: string) => `\`\`\`fetch\nurl: ${url}\nheaders:\n  Authorization: \${SECRET_DEFAULT}\n\`\`\``
    const abilities = [
      {
        name: 'get_order',
        description: 'Gets an order',
        instruction: fetch(`http://127.0.0.1:${port}/orders/$[id! euc|the number]`),
        secretId,
      },
      { name: 'get_admin', description: 'Gets what it may not', instruction: fetch('http://127.0.0.1:1/'), secretId },
    ]
    const { channelId, events, calls } = await run(
      { extensions: { skillsets: [{ name: 'Orders', description: 'Of the shop', abilities }] } },
      { lines: [{ call: 'get_order', arguments: { id: '7/../8' } }, { call: 'get_admin' }] },
      { lines: ['Done.'] },
    )
    const completed = events.find(({ __typename }) => __typename === 'FunctionCallCompleted')
    expect(completed?.data).toEqual({
      path: '/orders/7%2F..%2F8',
      token: 'Bearer [secret]',
      key: `local/${channelId}/${completed?.call?.id}`,
    })
    const failed = events.find(({ __typename }) => __typename === 'FunctionCallFailed')
    expect(failed).toMatchObject({ call: { name: 'get_admin', answer: 'ABILITY' }, error: { code: 'FAILED' } })
    expect(JSON.stringify([events, calls])).not.toContain('hunter2')
  })

  test('unknown features, templates and actions are refused, and the message lists the known ones', async () => {
    const { refusal } = extended
    const { code, issues } = await refusal({
      extensions: {
        features: [{ name: 'telepathy' }, { name: 'notes', options: { note: 'x' } }],
        skillsets: [
          {
            abilities: [
              { name: 'a', description: 'One', instruction: '@fetch/text/get' },
              { name: 'b', description: 'Two', instruction: '```teleport\nx\n```' },
            ],
          },
        ],
      },
    })
    expect(code).toBe('BAD_USER_INPUT')
    expect(issues).toMatchObject([
      { path: ['input', 'extensions', 'features', 0, 'name'], message: expect.stringMatching(/telepathy.*notes/) },
      { path: ['input', 'extensions', 'features', 1, 'options', 'notes'] },
      { path: ['input', 'extensions', 'features', 1, 'options', 'note'] },
      {
        path: ['input', 'extensions', 'skillsets', 0, 'abilities', 0, 'instruction'],
        message: expect.stringContaining('templates'),
      },
      {
        path: ['input', 'extensions', 'skillsets', 0, 'abilities', 1, 'instruction'],
        message: expect.stringMatching(/fetch.*echo/),
      },
    ])
  })

  test('`noFunctions` and its like switch off that part of the request', async () => {
    const { run } = extended
    const functions = [{ name: 'f', description: 'F', parameters: { type: 'object' }, result: { data: 1 } }]
    const extensions = {
      skillsets: [{ abilities: [{ name: 'Echo', description: 'Says it back', instruction: '```echo\nx\n```' }] }],
      datasets: [{ name: 'D', records: [{ text: 'Known.' }] }],
    }
    const all = await run({ functions, extensions })
    expect([all.names, all.system.includes('Known.')]).toEqual([['f', 'Echo'], true])
    const features = [{ name: 'noFunctions' }, { name: 'noInlineSkillsets' }, { name: 'noInlineDatasets' }]
    const none = await run({ functions, extensions: { ...extensions, features } })
    expect([none.names, none.system]).toEqual([[], ''])
  })

  test('an ability with the name of a caller’s function gets a number', async () => {
    const { run } = extended
    const functions = [{ name: 'echo', description: 'Mine', parameters: { type: 'object' }, result: { data: 'mine' } }]
    const abilities = [{ name: 'echo', description: 'Says it back', instruction: '```echo\n$[x]\n```' }]
    const { names } = await run({ functions, extensions: { skillsets: [{ abilities }, { abilities }] } })
    expect(names).toEqual(['echo', 'echo_2', 'echo_3'])
  })
})
