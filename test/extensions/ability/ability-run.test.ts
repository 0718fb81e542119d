import { expect, it, test } from 'vitest'
import type { AbilityContext } from '../../../src/extensions/ability/ability-context.ts'
import { runAbility } from '../../../src/extensions/ability/ability-run.ts'
import type { FetchActionInput } from '../../../src/extensions/fetch/action-input.ts'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import { Failure } from '../../../src/kernel/errors.ts'

const curly = (name: string) => `$\{${name}}`

function contextWith(own: Partial<AbilityContext> = {}): AbilityContext {
  return {
    references: { CONTACT_NAME: 'Ann' },
    timezone: 'Asia/Tokyo',
    now: () => Date.UTC(2026, 10, 23, 16, 5, 9),
    nonce: () => 'NONCE',
    compile: async (text) => compileInstruction(text),
    signal: new AbortController().signal,
    fetch: async () => ({ kind: 'error', message: 'not here' }),
    search: async (query, settings) => ({ query, settings }),
    prompt: async (text, settings) => `${text} ${JSON.stringify(settings)}`,
    ...own,
  }
}

const ability = (instruction: string) => ({ instruction, secretId: null })

it.each([
  [`\`\`\`echo\nHi {{CONTACT_NAME}}, $[x]\n\`\`\``, `Hi Ann, ${curly('CONTACT_NAME')}`],
  ['!echo\na: $[x]', { a: curly('CONTACT_NAME') }],
  [`\`\`\`text/model=demo\nAsk {{CONTACT_NAME}}\n\`\`\``, 'Ask Ann {"model":"demo"}'],
  ['```text/model=demo\ninput: Ask\nmodel: other\n```', 'Ask {"model":"other"}'],
  ['```search\n$[x]\n```', { query: curly('CONTACT_NAME'), settings: {} }],
  ['```search/limit=3\nquery: a\ndatasetId: d\n```', { query: 'a', settings: { limit: 3, datasetId: 'd' } }],
  [
    '```time\n```',
    {
      now: '2026-11-23T16:05:09.000Z',
      date: '2026-11-24',
      time: '01:05:09',
      weekday: 'Tuesday',
      timezone: 'Asia/Tokyo',
    },
  ],
])('%j answers with %j', async (instruction, data) => {
  expect(await runAbility(ability(instruction), { x: curly('CONTACT_NAME') }, contextWith())).toEqual({
    kind: 'data',
    data,
  })
})

test('fetch gets the request with tokens, and what they stand for', async () => {
  const requests: FetchActionInput[] = []
  const context = contextWith({
    fetch: async (request) => {
      requests.push(request)
      return { kind: 'data', data: 'done' }
    },
  })
  const instruction = `\`\`\`fetch/timeout=20000\nGET https://h/$[p]\nA: {{SECRET_DEFAULT}}\n\`\`\``
  const outcome = await runAbility({ instruction, secretId: 's1' }, { p: curly('SECRET_DEFAULT') }, context)
  expect(outcome).toEqual({ kind: 'data', data: 'done' })
  expect(requests).toEqual([
    {
      request: { method: 'GET', url: 'https://h/%24%7BSECRET_DEFAULT%7D', headers: { A: 'refNONCEn0e' } },
      settings: { timeout: 20000 },
      tokens: new Map([['refNONCEn0e', 'SECRET_DEFAULT']]),
      references: { CONTACT_NAME: 'Ann' },
      secretId: 's1',
      signal: context.signal,
    },
  ])
})

it.each([
  ['an argument that is missing', '```echo\n$[x!]\n```', 'Required field "x" missing in the input.'],
  [
    'an instruction that is none',
    'prose',
    'The instruction is prose; it takes one fenced block such as ```fetch, or YAML with a tag such as !fetch.',
  ],
  ['a fetch that fails', '```fetch\nhttps://h\n```', 'not here'],
])('%s is an outcome', async (_name, instruction, message) => {
  expect(await runAbility(ability(instruction), {}, contextWith())).toEqual({ kind: 'error', message })
})

test('the model reads the message of a failure; a defect is masked and kept for the log', async () => {
  const search = '```search\na\n```'
  const failing = (error: Error) => contextWith({ search: () => Promise.reject(error) })
  expect(await runAbility(ability(search), {}, failing(new Failure('NOT_FOUND', 'There is no dataset d.')))).toEqual({
    kind: 'error',
    message: 'There is no dataset d.',
  })
  const defect = new TypeError('x is undefined')
  expect(await runAbility(ability(search), {}, failing(defect))).toEqual({
    kind: 'error',
    message: 'The action "search" failed.',
    cause: defect,
  })
})

test('an abort is thrown, before the action and during it', async () => {
  const aborting = new AbortController()
  const context = contextWith({
    signal: aborting.signal,
    prompt: async () => {
      aborting.abort(new Error('cancelled'))
      throw new TypeError('cut off')
    },
  })
  await expect(runAbility(ability('```text\na\n```'), {}, context)).rejects.toThrow('cancelled')
  await expect(runAbility(ability('```echo\na\n```'), {}, context)).rejects.toThrow('cancelled')
})
