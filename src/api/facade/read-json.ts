import type { Context } from 'hono'
import type { z } from 'zod'
import { badInput } from '../../kernel/errors.ts'
import { parsed } from '../../kernel/json.ts'
import type { CallerEnv } from './request-body.ts'

/** The body of a request in its form. BAD_USER_INPUT names every wrong field. An absent body is an empty object. */
export async function readJson<Schema extends z.ZodType>(
  { req }: Context<CallerEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await req.text()
  const body = text === '' ? {} : parsed(text)
  if (body === undefined) throw badInput([{ path: [], message: 'The body is not JSON.' }])
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map(({ path, message }) => ({
      path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
      message,
    })),
  )
}
