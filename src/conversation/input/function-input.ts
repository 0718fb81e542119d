import { z } from 'zod'
import type { InputIssue } from '../../kernel/errors.ts'
import { stringifyJson } from '../../kernel/json.ts'
import type { AnswerFormat } from '../answer-format.ts'
import type { AnswerSource, FunctionSpec } from '../function.ts'
import { describesObject } from '../schema/object-schema.ts'
import type { SchemaProblem } from '../schema/schema-problem.ts'
import type { Schema } from '../schema/walk.ts'
import { channelId, characters, counted, isDeeper, orNull, wholeNumber } from './field.ts'

export const functionBounds = {
  functions: 100,
  name: 64,
  description: 10_000,
  /** Characters of a function's JSON Schema or static data, as JSON. */
  json: 250_000,
  depth: 100,
  /** Thirty days. */
  timeoutSeconds: 30 * 24 * 3600,
} as const

/** How long a run waits for an answer by default: a week. */
export const defaultAnswerSeconds = 7 * 24 * 3600

/** Any JSON within the bounds. */
export const jsonValue = z
  .unknown()
  .refine((value) => !isDeeper(value, functionBounds.depth), {
    error: `takes at most ${functionBounds.depth} levels`,
    // Otherwise the next check would write it as JSON, which recurses.
    abort: true,
  })
  .refine(
    (value) => (stringifyJson(value)?.length ?? 0) <= functionBounds.json,
    `takes at most ${functionBounds.json} characters as JSON`,
  )

/** As in the vendor's API: a JavaScript identifier that does not begin with `_`. */
const functionName = z
  .string()
  .refine(
    (name) => name.length <= functionBounds.name && /^(?!_)[A-Za-z$][A-Za-z0-9_$]*$/.test(name),
    `takes up to ${functionBounds.name} of A-Z a-z 0-9 _ $, beginning with a letter or $`,
  )

/** Whether it is a JSON Schema in full is found out later (`schemaIssues`). */
export const objectSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message })
  const { error } = jsonValue.safeParse(schema)
  if (error !== undefined) return refuse(error.issues[0]?.message ?? 'is wrong')
  if (!describesObject(schema)) refuse('takes a JSON Schema with "type": "object"')
})

interface WithSchemas {
  readonly functions: readonly FunctionSpec[]
  /** Absent or null: the answer has no schema. */
  readonly answerFormat?: AnswerFormat | null
}

/** What is wrong with the schemas of a dispatch, which is found out after everything else, because it may take its time. */
export async function schemaIssues(
  { functions, answerFormat = null }: WithSchemas,
  problems: (schemas: readonly Schema[]) => Promise<readonly (SchemaProblem | null)[]>,
): Promise<readonly InputIssue[]> {
  const answers = answerFormat === null ? [] : [answerFormat.schema]
  const found = await problems([...functions.map((each) => each.parameters), ...answers])
  return found.flatMap((each, index): readonly InputIssue[] => {
    if (each === null) return []
    const place = each.path.length === 0 ? '' : ` at ${each.path.join('.')}`
    const message = `is not a JSON Schema${place}: ${each.problem}`
    const path = index < functions.length ? ['functions', index, 'parameters'] : ['answerFormat', 'schema']
    return [{ path, message }]
  })
}

const result = z
  .object({ data: z.unknown().optional(), channel: orNull(channelId), await: orNull(z.boolean()) })
  .transform((given, context): AnswerSource => {
    const hasData = Object.hasOwn(given, 'data')
    const sources: AnswerSource[] = [
      ...(hasData ? [{ kind: 'static', data: given.data } as const] : []),
      ...(given.channel === null ? [] : [{ kind: 'channel', channelId: given.channel } as const]),
      ...(given.await === null ? [] : [{ kind: 'submit' } as const]),
    ]
    const [only, another] = sources
    if (only === undefined || another !== undefined) {
      context.addIssue({ code: 'custom', message: 'takes exactly one of `data`, `channel` and `await`' })
    } else if (given.await === false) {
      context.addIssue({ code: 'custom', path: ['await'], message: 'takes true, or is left out' })
    } else {
      const wrong = jsonValue.safeParse(given.data)
      if (wrong.success) return only
      context.addIssue({ code: 'custom', path: ['data'], message: wrong.error.issues[0]?.message ?? 'is wrong' })
    }
    return z.NEVER
  })

const functionInput = z
  .object({
    name: functionName,
    description: characters(functionBounds.description),
    parameters: objectSchema,
    result: orNull(result),
    call: z
      .object({ start: orNull(z.boolean()), end: orNull(z.boolean()) })
      .nullish()
      .transform((call) => ({ start: call?.start ?? false, end: call?.end ?? false })),
    timeoutSeconds: orNull(wholeNumber(1, functionBounds.timeoutSeconds)),
  })
  .transform(({ result, call, timeoutSeconds, ...rest }): FunctionSpec => {
    return {
      ...rest,
      ...call,
      answer: result ?? { kind: 'caller' },
      timeoutSeconds: timeoutSeconds ?? defaultAnswerSeconds,
    }
  })

/** A dispatch's functions; their names are unique. */
export const functionInputs = counted(functionBounds.functions, 'functions')
  .pipe(z.array(functionInput))
  .superRefine((functions, context) => {
    const seen = new Set<string>()
    for (const [index, { name }] of functions.entries()) {
      if (seen.has(name)) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'another function has this name' })
      }
      seen.add(name)
    }
  })
