import { expect } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'
import { runAbility } from '../../../src/extensions/ability/ability-run.ts'
import { runFetch } from '../../../src/extensions/fetch/action.ts'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import type { AccountId } from '../../../src/kernel/ids.ts'
import { inlinePageText } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { leaksIn, wireSecrets } from './wire-secrets.ts'
import { startWireServer } from './wire-server.ts'
import { wireText } from './wire-text.ts'

/** One ability, one call of it, and what the server saw. The server's address is written `wire.test`. */
export interface WireCase {
  readonly title: string
  readonly instruction: string
  /** Null: the ability goes without a secret of its own. Default: it has one. */
  readonly secretId?: string | null
  /** What the model calls the function with. Default: nothing. */
  readonly args?: Readonly<Record<string, unknown>>
  /** Default: none. */
  readonly properties?: Readonly<Record<string, unknown>>
  /** Default: none. */
  readonly required?: readonly string[]
  /** The request as `wireText` writes it; null when the server is to see nothing. */
  readonly sent: string | null
  /** What the model is told instead of the server's JSON: the text of an error, or other data. */
  readonly told?: string | { readonly data: unknown }
  /** All headers, names and values in turn, where they are the point. */
  readonly rawHeaders?: readonly string[]
  /** Default 10000. */
  readonly timeoutMs?: number
}

const references = {
  CONTACT_NAME: 'Ann & Co/../?x=1#"<$[q]>',
  CONTACT_NICK: 'Ann',
  EARTH_DATE: '2026-11-24',
}

const nonce = '7f3a90c2d4b15e68'

/** Compiles and runs a case as a run would, against a real server on the allow-list, and holds it against what it promises. */
export async function expectWire(wire: WireCase): Promise<void> {
  const server = await startWireServer()
  const here = (text: string) => text.replaceAll('wire.test', server.host)
  const instruction = here(wire.instruction)
  const args = JSON.parse(JSON.stringify(wire.args ?? {}), (_key, value) =>
    typeof value === 'string' ? here(value) : value,
  )
  const compiled = compileAbility({ name: 'Ask Server', description: 'Asks the server', instruction })
  if (compiled.kind === 'refused') throw new Error(compiled.message)
  const { functionName, parameters } = compiled.ability

  const { context, lookedUp, timeouts } = contextFor(server.host)
  const { secretId = 'secret_1' } = wire
  const outcome = await runAbility({ instruction, secretId }, args, context)

  const sent = server.seen.map((request) => wireText(request, server.host))
  expect({ functionName, ...parameters, sent, lookedUp }).toEqual({
    functionName: 'ask_server',
    type: 'object',
    properties: wire.properties ?? {},
    required: wire.required ?? [],
    additionalProperties: false,
    sent: wire.sent === null ? [] : [wire.sent],
    lookedUp: [],
  })
  if (wire.rawHeaders !== undefined) expect(server.seen[0]?.rawHeaders).toEqual(wire.rawHeaders.map(here))
  const told = JSON.parse(JSON.stringify(outcome).replaceAll(server.host, 'wire.test'))
  if (wire.told === undefined) expect(told).toMatchObject({ kind: 'data', data: { isAnswered: true } })
  else if (typeof wire.told === 'string') expect(told).toEqual({ kind: 'error', message: wire.told })
  else expect(told).toEqual({ kind: 'data', data: wire.told.data })
  if (wire.sent !== null) expect(timeouts).toEqual([wire.timeoutMs ?? 10_000])
  expect(leaksIn({ requests: server.seen, outcome, ability: compiled.ability })).toEqual([])
  expect(JSON.stringify([server.seen, outcome])).not.toContain(nonce)
}

function contextFor(host: string) {
  const lookedUp: string[] = []
  const timeouts: number[] = []
  const safeFetch = opened(
    createSafeFetch({
      allow: [host],
      lookup: async (name) => {
        lookedUp.push(name)
        throw new Error('No name is looked up in these tests.')
      },
    }),
  )
  const deps = {
    account: 'acme' as AccountId,
    safeFetch: {
      ...safeFetch,
      fetch(request: Parameters<typeof safeFetch.fetch>[0]) {
        timeouts.push(request.timeoutMs)
        return safeFetch.fetch(request)
      },
    },
    secrets: wireSecrets,
    timezone: 'Asia/Tokyo',
    pageText: inlinePageText,
    idempotencyKey: 'call_1',
  }
  const refuse = async () => {
    throw new Error('These abilities only fetch.')
  }
  const context = {
    references,
    timezone: 'Asia/Tokyo',
    now: () => Date.UTC(2026, 10, 23, 16, 5, 9),
    nonce: () => nonce,
    compile: async (text: string) => compileInstruction(text),
    signal: new AbortController().signal,
    fetch: (input: Parameters<typeof runFetch>[0]) => runFetch(input, deps),
    search: refuse,
    prompt: refuse,
  }
  return { context, lookedUp, timeouts }
}

/** An instruction of one fenced block. */
export function block(text: string, head = 'fetch'): string {
  return `\`\`\`${head}\n${text}\n\`\`\``
}
