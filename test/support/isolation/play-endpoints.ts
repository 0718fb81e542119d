import { describe, expect, test } from 'vitest'
import { channelPermissions, conversationPermissions } from '../../../src/access/principal.ts'
import type { EndpointRow } from './isolation-endpoints.ts'
import { absentThings, ownersMark, thingsOf } from './isolation-things.ts'
import { minting } from './minting.ts'

const owner = 'a-key-of-the-owner'
const other = 'a-key-of-the-other'
const secret = 'the-secret-that-signs-channel-tokens'
/** Of the service on which the rows are played. */
export const isolatedEnv = { API_KEYS: `owner:${owner},other:${other}`, TOKEN_SECRET: secret }

export interface Playing {
  readonly rows: readonly EndpointRow[]
  readonly url: () => string
  /** Comes before the paths of the rows. */
  readonly base: string
  /** What of an answer is drawn anew each time, beside ids in our own form. */
  readonly chance?: RegExp
  /** The path of a row, where it is not its name with the parameters in their places. */
  readonly pathOf?: (template: string, parameters: Parameters) => string
  /** What no token is told. */
  readonly untold?: string
}

type Parameters = Readonly<Record<string, string>>

interface Told {
  readonly status: number
  readonly text: string
}

const mint = minting(secret)
const rightsOf = <Permission extends string>(permissions: readonly Permission[]) => [
  ['READ', [] as readonly Permission[]] as const,
  ...permissions.map((permission) => [permission.toUpperCase(), [permission] as readonly Permission[]] as const),
]
const ofChannel = rightsOf(channelPermissions)
const ofConversation = rightsOf(conversationPermissions)
const opens = (needed: string | undefined, right: string) => needed === 'READ' || needed === right

/** Asks for each row as everyone who may, and as everyone who may not. */
export function playEndpoints({ rows, url, base, chance = /$^/g, pathOf = filledIn, untold }: Playing): void {
  /** The answer, of a stream its first lines. */
  async function ask({ name, body }: EndpointRow, parameters: Parameters, credential: string | null): Promise<Told> {
    const [method = '', template = ''] = name.split(' ')
    const path = pathOf(template, parameters)
    const abort = new AbortController()
    const response = await fetch(`${url()}${base}${path}`, {
      method: method.toUpperCase(),
      headers: {
        'content-type': 'application/json',
        ...(credential !== null && { authorization: `Bearer ${credential}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body(parameters)) }),
      signal: abort.signal,
    })
    if (response.status !== 200 || !/\/subscribe$|stream=true/.test(name)) {
      return { status: response.status, text: await response.text() }
    }
    const { value } = (await response.body?.getReader().read()) ?? {}
    abort.abort()
    return { status: response.status, text: Buffer.from(value ?? []).toString('utf8') }
  }

  /** The conversation that a token for these parameters is minted for. */
  async function conversationOf({ channelId, conversationId }: Parameters): Promise<string> {
    if (channelId === undefined) return conversationId ?? 'some-conversation-of-the-owner'
    const response = await fetch(`${url()}/v1/conversation/dispatch/${channelId}`, {
      headers: { authorization: `Bearer ${owner}` },
    })
    const run = (await response.json()) as { readonly conversationId?: string }
    return run.conversationId ?? 'some-conversation-of-the-owner'
  }

  describe.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    test('serves the owner, and does nothing for anyone else', async () => {
      const parameters = await row.parameters(thingsOf(url(), owner))
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
        return [
          status,
          withoutChance(
            Object.values(named).reduce((rest, id) => rest.replaceAll(id, '?'), text),
            chance,
          ),
        ]
      }
      expect(await asAnother(parameters)).toEqual(await asAnother(await row.parameters(absentThings)))

      // Nothing of that has used it up, ended or removed it.
      expect((await ask(row, parameters, owner)).status).toBeOneOf([200, 204])
    })

    for (const [name, allow] of ofChannel.filter(([right]) => opens(row.token, right))) {
      test(`opens to a token of its channel that allows ${name}`, async () => {
        const parameters = await row.parameters(thingsOf(url(), owner))
        const credential = await mint.channel(parameters['channelId'] ?? '', { allow })
        expectServed(await ask(row, parameters, credential))
      })
    }

    for (const [name, allow] of ofConversation.filter(([right]) => opens(row.conversation ?? row.token, right))) {
      test(`opens to a token of its conversation that allows ${name}`, async () => {
        const things = thingsOf(url(), owner)
        const parameters = await row.parameters(things)
        const credential = await mint.conversation(await conversationOf(parameters), {
          allow,
          botId: await things.bot(),
        })
        expectServed(await ask(row, parameters, credential))
      })
    }
  })

  function expectServed({ status, text }: Told): void {
    expect(status).toBeOneOf([200, 204])
    if (untold !== undefined) expect(text).not.toContain(untold)
  }
}

function filledIn(template: string, parameters: Parameters): string {
  return template.replaceAll(/\{(\w+)\}/g, (_match, parameter: string) => parameters[parameter] ?? '')
}

/** Without what is minted or counted each time. */
function withoutChance(text: string, chance: RegExp): string {
  return text
    .replaceAll(chance, '?')
    .replaceAll(/[a-z]+_[A-Za-z0-9]{22,24}(\.[A-Za-z0-9]{24})?|"[A-Za-z0-9]{24}"/g, '?')
}
