import { describe, expect, it, test } from 'vitest'
import type { FunctionSpec } from '../../../src/conversation/function.ts'
import type { ConversationRequest } from '../../../src/conversation/request.ts'
import { type CallAbilityDeps, createCallAbility } from '../../../src/extensions/ability/call-ability.ts'
import { abilitySpec } from '../../../src/extensions/ability/call-ability-spec.ts'
import { requireJustification } from '../../../src/extensions/feature/justification.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { Failure } from '../../../src/kernel/errors.ts'
import type { AccountId, ChannelId } from '../../../src/kernel/ids.ts'
import { inlineInstructions, inlinePages, inlineSearch } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { json, startFetchServer } from '../fetch/server.ts'

const key = { account: 'acme' as AccountId, channel: 'channel-0123456789' as ChannelId }

/** `$` with a name in curly brackets, which looks like a slip in a string that is no template. */
const curly = (name: string) => `$\{${name}}`

const request: ConversationRequest = {
  model: 'demo:poet',
  backstory: null,
  functions: [],
  limits: { iterations: 1, continuations: 1, calls: 1 },
  timezone: 'Asia/Tokyo',
  references: { CONTACT_NAME: 'Ann' },
  datasets: [{ name: 'Drinks', records: [{ text: 'Tea, 5 EUR', meta: { sku: 1 } }] }],
  attachments: [],
  timeoutSeconds: null,
}

function specOf(instruction: string, secretId: string | null = null): FunctionSpec {
  const made = abilitySpec({ name: 'do_it', description: 'Does what it says', instruction, secretId })
  if ('problem' in made) throw new Error(made.problem)
  return made.spec
}

function prepare(own: Partial<CallAbilityDeps & { readonly hosts: readonly string[] }> = {}) {
  const reports: unknown[] = []
  const safeFetch = opened(createSafeFetch({ allow: own.hosts ?? [] }))
  let nonces = 0
  const callAbility = createCallAbility({
    safeFetch,
    instructions: inlineInstructions,
    openSearch: inlineSearch,
    pageText: inlinePages,
    openSecret: async () => null,
    openSecretByName: async () => null,
    prompt: async () => 'not here',
    nonce: () => `NONCE0123456789${nonces++}`,
    clock: () => Date.UTC(2026, 10, 23, 16, 5, 9),
    report: (defect, about) => reports.push([defect, about]),
    ...own,
  })
  const call = (spec: FunctionSpec, args: unknown, signal = new AbortController().signal, own = request) =>
    callAbility(
      {
        key,
        request: own,
        spec,
        call: { id: 'call_1', name: spec.name, arguments: args, answer: 'ability', deadline: null },
      },
      signal,
    )
  return { call, reports }
}

const failed = (message: unknown) => ({ kind: 'failed', error: { code: 'FAILED', message } })

describe('answers', () => {
  it.each([
    ['```echo\n$[x] for {{CONTACT_NAME}}\n```', { x: 'Tea' }, 'Tea for Ann'],
    [
      '```time\n```',
      {},
      {
        now: '2026-11-23T16:05:09.000Z',
        date: '2026-11-24',
        time: '01:05:09',
        weekday: 'Tuesday',
        timezone: 'Asia/Tokyo',
      },
    ],
    [
      '```search\n$[x]\n```',
      { x: 'tea' },
      { records: [{ text: 'Tea, 5 EUR', meta: { sku: 1 }, score: expect.any(Number) }] },
    ],
    ['```search/dataset=0/limit=1\n$[x]\n```', { x: 'coffee' }, { records: [] }],
    ['```echo\nhello\n```', null, 'hello'],
    ['```echo\nhello\n```', 'no object', 'hello'],
  ])('%j called with %j', async (instruction, args, data) => {
    expect(await prepare().call(specOf(instruction), args)).toEqual({ kind: 'completed', data })
  })

  it.each([
    ['```text\nSay $[x]\n```', 'demo:poet'],
    ['```text/model=openai:gpt-5%2Feffort=low\nSay $[x]\n```', 'openai:gpt-5/effort=low'],
    ['```text/model\nSay $[x]\n```', 'demo:poet'],
  ])('%j asks the model %s', async (instruction, model) => {
    const asked: unknown[] = []
    const { call } = prepare({
      prompt: async (...given) => {
        asked.push(given)
        return 'Hi.'
      },
    })
    const { signal } = new AbortController()
    expect(await call(specOf(instruction), { x: 'hi' }, signal)).toEqual({ kind: 'completed', data: 'Hi.' })
    expect(asked).toEqual([[model, 'Say hi', signal]])
  })
})

describe('searches', () => {
  test('all datasets, or one by name or index, for the requested number of passages', async () => {
    const records = [
      { text: 'tea one', meta: null },
      { text: 'tea two', meta: null },
    ]
    const datasets = [
      { name: 'A', records },
      { name: 'B', records: [{ text: 'tea three', meta: null }] },
    ]
    const { call } = prepare()
    const found = async (instruction: string) => {
      const outcome = await call(specOf(instruction), {}, undefined, { ...request, datasets })
      const { data } = outcome as { data: { records: readonly { text: string }[] } }
      return data.records.map((record) => record.text).toSorted()
    }
    expect(await found('```search\ntea\n```')).toEqual(['tea one', 'tea three', 'tea two'])
    expect(await found('```search/dataset=1\ntea\n```')).toEqual(['tea three'])
    expect(await found('```search\nquery: tea\ndatasetId: a\n```')).toEqual(['tea one', 'tea two'])
    expect(await found('```search/limit=1/dataset=a\ntea\n```')).toHaveLength(1)
  })

  test('the model learns what is wrong with a search', async () => {
    expect(await prepare().call(specOf('```search/dataset=Food\ntea\n```'), {})).toEqual(
      failed('There is no dataset "Food" here; there are "Drinks".'),
    )
  })

  test('a run indexes its datasets once', async () => {
    let reads = 0
    const records = [
      {
        get text() {
          reads += 1
          return 'tea'
        },
        meta: null,
      },
    ]
    const own = { ...request, datasets: [{ name: 'A', records }] }
    const { call } = prepare()
    const spec = specOf('```search\n$[x]\n```')
    await Promise.all([call(spec, { x: 'coffee' }, undefined, own), call(spec, { x: 'milk' }, undefined, own)])
    const once = reads
    await call(spec, { x: 'cocoa' }, undefined, { ...own })
    expect(once).toBeGreaterThan(0)
    expect(reads).toBe(once)
  })
})

describe('fetch', () => {
  test('sends the call as its idempotency key, and the time zone', async () => {
    const server = await startFetchServer(json({ price: 5 }))
    const { call } = prepare({ hosts: [server.host] })
    const outcome = await call(specOf(`\`\`\`fetch\nGET ${server.url}/$[x!]\n\`\`\``), { x: 'a/b c' })
    expect(outcome).toEqual({ kind: 'completed', data: { price: 5 } })
    expect(server.seen).toMatchObject([
      {
        url: '/a/b%20c',
        headers: { 'idempotency-key': 'acme/channel-0123456789/call_1', 'x-timezone': 'Asia/Tokyo' },
      },
    ])
  })

  test('reaches only what the guard allows', async () => {
    const server = await startFetchServer(json('secret'))
    expect(await prepare().call(specOf('```fetch\n$[x!]\n```'), { x: server.url })).toEqual(
      failed(expect.stringMatching(/127\.0\.0\.1/)),
    )
    expect(server.seen).toEqual([])
  })

  test('opens the ability’s secret by id and others by name, in the account of the run', async () => {
    const server = await startFetchServer(json('ok'))
    const opened: unknown[] = []
    const { call } = prepare({
      hosts: [server.host],
      openSecret: async (...asked) => {
        opened.push(['id', ...asked])
        return { type: 'bearer', value: 'sk-own-secret' }
      },
      openSecretByName: async (...asked) => {
        opened.push(['name', ...asked])
        return { type: 'plain', value: 'sk-named-secret' }
      },
    })
    const instruction = `\`\`\`fetch\nGET ${server.url}/\nAuthorization: ${curly('SECRET_DEFAULT')}\nX-Key: ${curly('SECRET_SHOP')}\n\`\`\``
    await call(specOf(instruction, 'secret_1'), {})
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer sk-own-secret', 'x-key': 'sk-named-secret' })
    expect(opened).toEqual([
      ['id', 'acme', 'secret_1'],
      ['name', 'acme', 'SHOP'],
    ])
  })

  test('without the secret, asks nobody', async () => {
    const server = await startFetchServer(json('ok'))
    const { call } = prepare({ hosts: [server.host] })
    const instruction = `\`\`\`fetch\nGET ${server.url}/\nX-Key: ${curly('SECRET_SHOP')}\n\`\`\``
    expect(await call(specOf(instruction), {})).toEqual(
      failed('There is no secret for the reference SECRET_SHOP, or it is empty.'),
    )
    expect(server.seen).toEqual([])
  })
})

describe('arguments', () => {
  test('a justification is not passed on', async () => {
    const spec = specOf('```echo\n$[x]$[justification local default<none>]\n```')
    const justified = { ...spec, parameters: requireJustification(spec.parameters) }
    expect(justified.parameters).toMatchObject({ required: ['justification'] })
    expect(await prepare().call(justified, { x: 'Tea ', justification: 'Because.' })).toEqual({
      kind: 'completed',
      data: 'Tea none',
    })
  })

  test('an ability’s own `justification` field is passed on', async () => {
    const spec = specOf('```echo\n$[justification!]\n```')
    const same = { ...spec, parameters: requireJustification(spec.parameters) }
    expect(await prepare().call(same, { justification: 'Because.' })).toEqual({ kind: 'completed', data: 'Because.' })
  })

  test('the model learns what is missing', async () => {
    expect(await prepare().call(specOf('```echo\n$[x!]\n```'), {})).toEqual(
      failed('Required field "x" missing in the input.'),
    )
  })
})

describe('a result', () => {
  it.each([
    [199_998, true],
    [199_999, false],
  ])('of %d characters and its quotes', async (length, isTaken) => {
    const outcome = await prepare().call(specOf('```echo\n$[x]\n```'), { x: 'a'.repeat(length) })
    expect(outcome).toEqual(
      isTaken
        ? { kind: 'completed', data: 'a'.repeat(length) }
        : failed('The result has 200001 characters as JSON; at most 200000 can be taken.'),
    )
  })
})

describe('when something goes wrong', () => {
  const spec = specOf('```text\nhi\n```')

  test('the model learns of a failure, which is not a defect', async () => {
    const { call, reports } = prepare({
      prompt: async () => {
        throw new Failure('UNAVAILABLE', 'The model is away.')
      },
    })
    expect(await call(spec, {})).toEqual(failed('The model is away.'))
    expect(reports).toEqual([])
  })

  test('a defect is reported, and the model does not see its message', async () => {
    const defect = new TypeError('x of undefined')
    const { call, reports } = prepare({
      prompt: async () => {
        throw defect
      },
    })
    expect(await call(spec, {})).toEqual(failed('The action "text" failed.'))
    expect(reports).toEqual([[defect, { key, callId: 'call_1' }]])
  })

  test('an instruction that no longer compiles fails the call', async () => {
    const answer = { kind: 'ability', ability: { instruction: '```pack\nx\n```', secretId: null } } as const
    expect(await prepare().call({ ...spec, answer }, {})).toEqual(failed(expect.stringMatching(/no action "pack"/)))
  })

  test('rejects with the abort reason, before and during the call', async () => {
    const reason = new Error('cancelled')
    const { call } = prepare({
      prompt: (_model, _text, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cut')))),
    })
    await expect(call(spec, {}, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const outcome = call(spec, {}, controller.signal)
    controller.abort(reason)
    await expect(outcome).rejects.toBe(reason)
  })
})
