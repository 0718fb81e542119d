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
