import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Form } from './variable.ts'

const most = 1_000_000_000
const bounds = `a number from 0 to ${most}`
const amount = z.number(`takes ${bounds}`).refine((value) => value >= 0 && value <= most, `takes ${bounds}`)

const price = z
  .strictObject(
    { input: amount, cachedInput: amount.optional(), output: amount, reasoning: amount.optional() },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys'
          ? undefined
          : 'takes an object with input, output, and perhaps cachedInput and reasoning',
    },
  )
  .transform(({ input, cachedInput, output, reasoning }) => ({
    input,
    cachedInput: cachedInput ?? input,
    output,
    reasoning: reasoning ?? output,
  }))

const prices = z
  .record(z.string(), price, 'takes an object of models and their prices')
  .superRefine((given, context) => {
    const message = 'takes names as `models` lists them, without settings'
    for (const name of Object.keys(given).filter((each) => each === '' || each.includes('/')))
      context.addIssue({ code: 'custom', path: [name], message })
  })

/** What models cost, by their names without settings. */
export type Prices = z.output<typeof prices>

/** JSON, or the path of a file that has it. Each mistake names its model and its field. */
export const modelPrices: Form<Prices> = {
  bounds:
    'a JSON object of models, each with input, output, and perhaps cachedInput and reasoning; or the path of a file that has it',
  schema: z.string().transform((text, context): Prices => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const json = text.trimStart().startsWith('{') ? text : readText(text)
    if (json === null) return refuse(`takes JSON, or the path of a file that can be read; ${text} is neither`)
    const parsed = parse(json)
    if (parsed === undefined) return refuse('takes JSON, which this is not')
    const { data, error } = prices.safeParse(parsed)
    if (error === undefined) return data
    for (const { path, message } of error.issues) refuse(path.length === 0 ? message : `${path.join(' ')}: ${message}`)
    return z.NEVER
  }),
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
