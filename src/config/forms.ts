import { isIP } from 'node:net'
import querystring from 'node:querystring'
import { z } from 'zod'
import type { Form } from './variable.ts'

export const text: Form<string> = { schema: z.string(), bounds: null }

export function wholeNumber(from: number, to: number): Form<number> {
  const bounds = `a whole number from ${from} to ${to}`
  const schema = z
    .string()
    .regex(/^\d{1,15}$/, `takes ${bounds}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `takes ${bounds}`)
  return { schema, bounds }
}

export function decimal(from: number, to: number): Form<number> {
  const bounds = `a number from ${from} to ${to}`
  const schema = z
    .string()
    .regex(/^\d{1,15}(\.\d{1,12})?$/, `takes ${bounds}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `takes ${bounds}`)
  return { schema, bounds }
}

/** A limit of each account; null: none. */
export interface PerAccount {
  readonly all: number | null
  /** Those that have another one. */
  readonly accounts: Readonly<Record<string, number | null>>
}

/** A number for every account, and others with the account before a colon. 0 is no limit. */
export function perAccount(number: Form<number>): Form<PerAccount> {
  const bounds = `${number.bounds}, or several with commas between, all but one as account:number`
  const schema = z.string().transform((text, context): PerAccount => {
    const accounts: Record<string, number | null> = {}
    let all: number | null | undefined
    for (const entry of text.split(',').map((part) => part.trim())) {
      const [, account, given = entry] = /^([a-z0-9_-]{1,64}):(.*)$/.exec(entry) ?? []
      const { data, error } = number.schema.safeParse(given)
      const isTwice = account === undefined ? all !== undefined : Object.hasOwn(accounts, account)
      if (error !== undefined || isTwice) {
        const problem = error === undefined ? 'is given twice' : `takes ${number.bounds}`
        context.addIssue({ code: 'custom', message: `${account ?? entry}: ${problem}` })
        return z.NEVER
      }
      const limit = data === 0 ? null : data
      if (account === undefined) all = limit
      else accounts[account] = limit
    }
    return { all: all ?? null, accounts }
  })
  return { schema, bounds }
}

/** A whole number of seconds, as milliseconds. */
export function seconds(from: number, to: number): Form<number> {
  const { schema, bounds } = wholeNumber(from, to)
  return { schema: schema.transform((value) => value * 1000), bounds }
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Form<Word> {
  const bounds = `one of ${words.join(', ')}`
  return { schema: z.enum(words, `takes ${bounds}`) as z.ZodType<Word, string>, bounds }
}

export const onOrOff: Form<boolean> = {
  schema: z.enum(['on', 'off'], 'takes on or off').transform((value) => value === 'on') as z.ZodType<boolean, string>,
  bounds: 'on or off',
}

export function url(protocol: RegExp, bounds: string): Form<string> {
  return { schema: z.url({ protocol, error: `takes ${bounds}` }), bounds }
}

export const webUrl = url(/^https?$/, 'an http:// or https:// URL')

/** A path of the server, without a `/` at its end. */
export const urlPath: Form<string> = {
  schema: z.string().regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'takes a path such as /api/chat'),
  bounds: 'a path such as /api/chat',
}

/** An address or a name to listen on. */
export const host: Form<string> = {
  schema: z.string().refine((value) => isIP(value) !== 0 || /^[a-z0-9]([\w.-]*[a-z0-9])?$/i.test(value), {
    error: 'takes an address or a host name, without scheme and port',
  }),
  bounds: 'an address or a host name, without scheme and port',
}

/** A secret that is sent in a header. Files of variables that are not read by a shell keep quotes. */
export const headerSecret: Form<string> = {
  schema: z.string().regex(/^[!#-&(-~]+$/, 'takes the key alone: visible ASCII, without spaces and quotes'),
  bounds: 'visible ASCII, without spaces and quotes',
}

/** Where a provider's API begins. */
export const baseUrl: Form<string> = {
  schema: webUrl.schema.refine((value) => !/\/(completions|responses|messages|models)\/?$/.test(value), {
    error: 'takes the URL of the API, such as http://127.0.0.1:11434/v1, without the path of an endpoint',
  }),
  bounds: webUrl.bounds,
}

/** Entries with commas between; spaces around them and empty ones are ignored. */
export function list(isEntry: (entry: string) => boolean, bounds: string): Form<readonly string[]> {
  const schema = z
    .string()
    .transform((given): readonly string[] =>
      given
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.every(isEntry), `takes ${bounds}`)
  return { schema, bounds }
}

/** For `secretsIn` of a variable that is a secret as a whole. */
export const itself = (value: string): readonly string[] => [value]

/** For `secretsIn` of a URL: the password before its host, or among its parameters. */
export function passwordsIn(value: string): readonly string[] {
  const { password, searchParams } = new URL(value)
  // Unlike decodeURIComponent, unescape leaves a lone % as it is.
  return [querystring.unescape(password), ...searchParams.getAll('password')]
}
