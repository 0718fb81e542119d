import type { Redis } from 'ioredis'
import { defineScript, rethrowRedis, type ScriptArgument } from './connection.ts'
import { reachedIn } from './needs/guard.ts'

/** Keys by the names under which scripts know them, `keys.NAME`. Those of the ledger, `keys.ledger`, are `held` and `ends`. */
export type NamedKeys<Of> = Readonly<Record<string, (of: Of) => string>>

export interface KeyedScript<Of> {
  readonly name: string
  readonly lua: string
  readonly keys: NamedKeys<Of>
}

/**
 * Defines a script that names its keys. It is sent those that it can reach, and no other: each key is a permission that is checked,
 * and may be a slot of its own.
 */
export function defineKeyedScript<Of>(
  redis: Redis,
  { name, lua, keys }: KeyedScript<Of>,
): (of: Of, args: readonly ScriptArgument[]) => Promise<unknown> {
  const names = namesIn(lua)
  const run = defineScript(redis, name, `${declarationOf(names)}\n${lua}`)
  const keysOf = names.map((each) => {
    const keyOf = keys[each]
    if (keyOf === undefined) throw new Error(`The script ${name} has no key for ${each}.`)
    return keyOf
  })
  return (of, args) => {
    return run(
      keysOf.map((keyOf) => keyOf(of)),
      args,
    ).catch(rethrowRedis)
  }
}

function namesIn(lua: string): readonly string[] {
  const found = reachedIn(lua).flatMap((text) => [...text.matchAll(/\bkeys\.(\w+)/g)].map(([, name = '']) => name))
  return [...new Set(found.flatMap((name) => (name === 'ledger' ? ['held', 'ends'] : [name])))]
}

function declarationOf(names: readonly string[]): string {
  const isOfLedger = (name: string) => name === 'held' || name === 'ends'
  const field = (name: string) => `${name} = KEYS[${names.indexOf(name) + 1}]`
  const own = names.filter((name) => !isOfLedger(name)).map(field)
  const ledger = names.filter(isOfLedger).map(field)
  const all = ledger.length === 0 ? own : [...own, `ledger = { ${ledger.join(', ')} }`]
  return `local keys = { ${all.join(', ')} }`
}
