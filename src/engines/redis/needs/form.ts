import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { defineScript, rethrowRedis } from '../connection.ts'
import { formKey } from '../keys.ts'

const formLua = readFileSync(new URL('./form.lua', import.meta.url), 'utf8')

/**
 * The form of the data in Redis, a number that grows. `written` goes up with each release that writes something new;
 * `readableBy` is the oldest form whose releases can work beside it, and goes up with what they would misread.
 * CONTRIBUTING.md says what belongs to such a change.
 */
export interface Form {
  readonly written: number
  readonly readableBy: number
}

export const ownForm: Form = { written: 1, readableBy: 1 }

/** Data without a number are of form 1, or there are none. Writes nothing. Null: this release can work on the data. */
export async function findFormProblem(redis: Redis, { written }: Form = ownForm): Promise<string | null> {
  const [newest, oldest] = await redis.hmget(formKey, 'written', 'readableBy')
  return Number(oldest ?? 0) > written ? tooNew(Number(newest), written) : null
}

/** Looks as `findFormProblem` does; where this release can work on the data, they have at least its form from now on. */
export function createFormTaker(redis: Redis, { written, readableBy }: Form = ownForm): () => Promise<string | null> {
  const script = defineScript(redis, 'backchannel-form', formLua)
  return async () => {
    const newest = Number(await script([formKey], [written, readableBy]).catch(rethrowRedis))
    return newest === 0 ? null : tooNew(newest, written)
  }
}

function tooNew(newest: number, own: number): string {
  return `a newer release has written here (form ${newest} of the data; this release reads up to ${own}); start that release`
}
