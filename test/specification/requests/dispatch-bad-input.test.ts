import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codes, dispatchMutation, expectUnharmed, issuePaths, transports } from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(async () => {
  await expectUnharmed(service.url)
})

function nested(depth: number): Record<string, unknown> {
  return depth === 0 ? {} : { inner: nested(depth - 1) }
}

const ability = { name: 'Echo', description: 'Says it back', instruction: '```echo\n$[x]\n```' }
const withAbilities = (...abilities: object[]) => ({ extensions: { skillsets: [{ abilities }] } })
const instruction = 'input.extensions.skillsets.0.abilities.0.instruction'
const fenced = (text: string) => withAbilities({ ...ability, instruction: `\`\`\`fetch\n${text}\n\`\`\`` })

describe.each(Object.entries(transports))('bad input to the extensions of a dispatch, over %s', (_transport, ask) => {
  test.each<readonly [title: string, input: object, code: string, paths: readonly string[]]>([
    [
      'an attachment that is no URL',
      { attachments: [{ url: 'cat.png' }] },
      'BAD_USER_INPUT',
      ['input.attachments.0.url'],
    ],
    [
      'an attachment of a file',
      { attachments: [{ url: 'file:///etc/passwd' }] },
      'BAD_USER_INPUT',
      ['input.attachments.0.url'],
    ],
    [
      '21 attachments',
      { attachments: Array(21).fill({ url: 'https://a.example' }) },
      'BAD_USER_INPUT',
      ['input.attachments'],
    ],
    [
      'a URL too long',
      { attachments: [{ url: `https://a.example/${'x'.repeat(4096)}` }] },
      'BAD_USER_INPUT',
      ['input.attachments.0.url'],
    ],
    ['a contact twice', { contactId: 'contact_1', contact: { fingerprint: 'a' } }, 'BAD_USER_INPUT', ['input.contact']],
    ['a contact without a fingerprint', { contact: { name: 'Ann' } }, 'BAD_USER_INPUT', ['input.contact.fingerprint']],
    ['a contact with an empty one', { contact: { fingerprint: '' } }, 'BAD_USER_INPUT', ['input.contact.fingerprint']],
    [
      'a name too long',
      { contact: { fingerprint: 'a', name: 'x'.repeat(201) } },
      'BAD_USER_INPUT',
      ['input.contact.name'],
    ],
    [
      'a contact’s meta too deep',
      { contact: { fingerprint: 'a', meta: nested(101) } },
      'BAD_USER_INPUT',
      ['input.contact.meta'],
    ],
    ['an unknown contact', { contactId: 'contact_none' }, 'NOT_FOUND', ['input.contactId']],
    ['an unknown bot', { botId: '../bot' }, 'NOT_FOUND', ['input.botId']],
    ['an unknown dataset', { datasetId: '' }, 'NOT_FOUND', ['input.datasetId']],
    ['an unknown skillset', { skillsetId: 'x'.repeat(1000) }, 'NOT_FOUND', ['input.skillsetId']],
    ['no time zone', { timezone: 'Middle/Earth' }, 'BAD_USER_INPUT', ['input.timezone']],
    [
      '21 datasets',
      { extensions: { datasets: Array(21).fill({ records: [] }) } },
      'BAD_USER_INPUT',
      ['input.extensions.datasets'],
    ],
    [
      '10,001 records',
      { extensions: { datasets: [{ records: Array(10_001).fill({ text: '' }) }] } },
      'BAD_USER_INPUT',
      ['input.extensions.datasets.0.records'],
    ],
    [
      'a record’s meta too deep',
      { extensions: { datasets: [{ records: [{ text: 'x', meta: nested(101) }] }] } },
      'BAD_USER_INPUT',
      ['input.extensions.datasets.0.records.0.meta'],
    ],
    [
      '101 abilities',
      withAbilities(...Array(101).fill(ability)),
      'BAD_USER_INPUT',
      ['input.extensions.skillsets.0.abilities'],
    ],
    [
      'an ability without a name',
      withAbilities({ ...ability, name: '' }),
      'BAD_USER_INPUT',
      ['input.extensions.skillsets.0.abilities.0.name'],
    ],
    ['an ability of no letters', withAbilities({ ...ability, name: '!!!' }), 'BAD_USER_INPUT', [instruction]],
    ['prose', withAbilities({ ...ability, instruction: 'Do it.' }), 'BAD_USER_INPUT', [instruction]],
    [
      'a template',
      withAbilities({ ...ability, instruction: 'template: fetch/text/get' }),
      'BAD_USER_INPUT',
      [instruction],
    ],
    [
      'an action that we do not have',
      withAbilities({ ...ability, instruction: '```shell\nls\n```' }),
      'BAD_USER_INPUT',
      [instruction],
    ],
    ['YAML that is none', fenced('url: [a'), 'BAD_USER_INPUT', [instruction]],
    ['a fetch of a file', fenced('file:///etc/passwd'), 'BAD_USER_INPUT', [instruction]],
    ['a secret in a URL', fenced('https://a.example/?k=${SECRET_A}'), 'BAD_USER_INPUT', [instruction]],
    [
      'a default secret that is not given',
      fenced('url: https://a.example\nheaders:\n  A: ${SECRET_DEFAULT}'),
      'BAD_USER_INPUT',
      ['input.extensions.skillsets.0.abilities.0.secretId'],
    ],
    [
      'an unknown secret',
      withAbilities({ ...ability, secretId: 'secret_none' }),
      'NOT_FOUND',
      ['input.extensions.skillsets.0.abilities.0.secretId'],
    ],
    [
      '51 features',
      { extensions: { features: Array(51).fill({ name: 'time' }) } },
      'BAD_USER_INPUT',
      ['input.extensions.features'],
    ],
    [
      'an unknown feature',
      { extensions: { features: [{ name: 'batch' }] } },
      'BAD_USER_INPUT',
      ['input.extensions.features.0.name'],
    ],
    [
      'a feature twice',
      { extensions: { features: [{ name: 'time' }, { name: 'time' }] } },
      'BAD_USER_INPUT',
      ['input.extensions.features.1.name'],
    ],
    [
      'an unknown option',
      { extensions: { features: [{ name: 'time', options: { zone: 1 } }] } },
      'BAD_USER_INPUT',
      ['input.extensions.features.0.options.zone'],
    ],
    [
      'a search of the web',
      { extensions: { features: [{ name: 'web', options: { search: true } }] } },
      'BAD_USER_INPUT',
      ['input.extensions.features.0.options.search'],
    ],
    [
      'all at once',
      {
        timezone: 'UTC',
        attachments: [{ url: 'x' }],
        ...withAbilities({ ...ability, name: '' }),
        limits: { iterations: 0 },
      },
      'BAD_USER_INPUT',
      ['input.extensions.skillsets.0.abilities.0.name', 'input.attachments.0.url', 'input.limits.iterations'],
    ],
  ])('%s', async (_title, input, code, paths) => {
    const variables = { input: { messages: [{ type: 'USER', text: 'Hello' }], ...input } }
    const results = await ask(service.url, { query: dispatchMutation, variables })
    expect([codes(results), issuePaths(results)]).toEqual([[code], paths])
  })
})
