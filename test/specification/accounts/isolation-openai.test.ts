import { beforeAll, describe, expect, test } from 'vitest'
import { channelPermissions, conversationPermissions } from '../../../src/access/principal.ts'
import type { ApiDeps } from '../../../src/api/api.ts'
import { createOpenaiApi } from '../../../src/api/openai/api.ts'
import { absentThings, ownersMark, thingsOf } from '../../support/isolation/isolation-things.ts'
import { matrices } from '../../support/isolation/matrices.ts'
import { minting } from '../../support/isolation/minting.ts'
import type { OpenaiRow } from '../../support/isolation/openai-rows.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const owner = 'a-key-of-the-owner'
const other = 'a-key-of-the-other'
const secret = 'the-secret-that-signs-channel-tokens'

let service: Service
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `owner:${owner},other:${other}`, TOKEN_SECRET: secret } })
})

type Parameters = Readonly<Record<string, string>>

/** Status and text of the answer; of a stream, its first lines. */
async function ask({ name, body }: OpenaiRow, parameters: Parameters, credential: string | null) {
  const [method = '', template = ''] = name.split(' ')
  const path = template
    .replace(':id', `resp_${parameters['channelId']}`)
    .replace(':model{.+}', parameters['model'] ?? '')
  const abort = new AbortController()
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(credential !== null && { authorization: `Bearer ${credential}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body(parameters)) }),
    signal: abort.signal,
  })
  if (response.headers.get('content-type') !== 'text/event-stream') {
    return { status: response.status, text: await response.text() }
  }
  const { value } = (await response.body?.getReader().read()) ?? {}
  abort.abort()
  return { status: response.status, text: Buffer.from(value ?? []).toString('utf8') }
}

const mint = minting(secret)
const rightsOf = <Permission extends string>(permissions: readonly Permission[]) => [
  ['READ', [] as readonly Permission[]] as const,
  ...permissions.map((permission) => [permission.toUpperCase(), [permission] as readonly Permission[]] as const),
]
const ofChannel = rightsOf(channelPermissions)
const ofConversation = rightsOf(conversationPermissions)
const opens = (needed: string | undefined, right: string) => needed === 'READ' || needed === right

/** The conversation that a token for these parameters is minted for. */
async function conversationOf({ channelId, conversationId }: Parameters): Promise<string> {
  if (channelId === undefined) return conversationId ?? 'some-conversation-of-the-owner'
  const response = await fetch(`${service.url}/openai/v1/responses/resp_${channelId}`, {
    headers: { authorization: `Bearer ${owner}` },
  })
  const { conversation } = (await response.json()) as { readonly conversation?: { readonly id: string } | null }
  return conversation?.id ?? 'some-conversation-of-the-owner'
}

test('every endpoint has a row', () => {
  const { operations } = createOpenaiApi({ timings: {}, services: {}, authenticator: {} } as ApiDeps)
  const rows = matrices.openai.map(({ name }) => name.split(' ').slice(0, 2).join(' ').replace('?stream=true', ''))
  expect(new Set(rows)).toEqual(new Set(operations))
})

describe.each(matrices.openai.map((row) => [row.name, row] as const))('%s', (_name, row) => {
  test('serves the owner, and does nothing for anyone else', async () => {
    const parameters = await row.parameters(thingsOf(service.url, owner))
    const { channelId = 'some-channel-of-the-owner' } = parameters
    const conversation = await conversationOf(parameters)
    const needed = row.conversation ?? row.token
    const expired = [
      await mint.channel(channelId, { allow: channelPermissions, ageSeconds: 7200 }),
      await mint.conversation(conversation, { allow: conversationPermissions, ageSeconds: 7200 }),
    ]
    for (const credential of [null, 'a-key-of-no-one-at-all', ...expired]) {
      expect((await ask(row, parameters, credential)).status).toBe(401)
    }
    const limited = await Promise.all([
      mint.channel('another-channel-of-the-owner', { allow: channelPermissions }),
      mint.conversation('another-conversation-of-the-owner', { allow: conversationPermissions }),
      ...ofChannel.filter(([name]) => !opens(row.token, name)).map(([, allow]) => mint.channel(channelId, { allow })),
      ...ofConversation
        .filter(([name]) => !opens(needed, name))
        .map(([, allow]) => mint.conversation(conversation, { allow })),
    ])
    for (const credential of limited) {
      const { status, text } = await ask(row, parameters, credential)
      expect([status, text.includes(ownersMark)]).toEqual([403, false])
    }

    const asAnother = async (named: Parameters) => {
      const { status, text } = await ask(row, named, other)
      expect(text).not.toContain(ownersMark)
      return [status, withoutChance(Object.values(named).reduce((rest, id) => rest.replaceAll(id, '?'), text))]
    }
    expect(await asAnother(parameters)).toEqual(await asAnother(await row.parameters(absentThings)))

    // Nothing of that has used it up, ended or removed it.
    expect((await ask(row, parameters, owner)).status).toBe(200)
  })

  for (const [name, allow] of ofChannel.filter(([right]) => opens(row.token, right))) {
    test(`opens to a token of its channel that allows ${name}`, async () => {
      const parameters = await row.parameters(thingsOf(service.url, owner))
      const credential = await mint.channel(parameters['channelId'] ?? '', { allow })
      const { status, text } = await ask(row, parameters, credential)
      expect(status).toBe(200)
      expect(text).not.toContain('"role":"system"')
    })
  }

  for (const [name, allow] of ofConversation.filter(([right]) => opens(row.conversation ?? row.token, right))) {
    test(`opens to a token of its conversation that allows ${name}`, async () => {
      const things = thingsOf(service.url, owner)
      const parameters = await row.parameters(things)
      const credential = await mint.conversation(await conversationOf(parameters), { allow, botId: await things.bot() })
      const { status, text } = await ask(row, parameters, credential)
      expect(status).toBe(200)
      expect(text).not.toContain('"role":"system"')
    })
  }
})

/** Without what is minted, counted or told by the clock. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/[a-z]+_[A-Za-z0-9]{22,24}|"[A-Za-z0-9]{24}"/g, '?')
    .replaceAll(/"(created_at|completed_at)":\d+/g, '"$1":?')
}
