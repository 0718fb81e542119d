import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import type { ResourceKind } from '../../../store/resource.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { ledgerKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { resourceKeys } from './store-keys.ts'

export interface ItemKey {
  readonly account: AccountId
  readonly kind: ResourceKind
  readonly id: ResourceId
}

const keysLua = readFileSync(new URL('./resource-keys.lua', import.meta.url), 'utf8')

/** A script of the store that works on one resource, in one round trip. `name` is the name of its file. */
export function storeScript(redis: Redis, name: string) {
  const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
  const run = defineScript(redis, `backchannel-${name}`, `${ledgerLua}\n${keysLua}\n${body}`)
  return ({ account, kind, id }: ItemKey, args: readonly (string | number)[]): Promise<unknown> => {
    const { item, index, handles, counter, texts, metas, order } = resourceKeys(account, kind, id)
    const { held, ends } = ledgerKeys(account)
    return run([item, index, handles, counter, texts, metas, order, held, ends], args).catch(rethrowRedis)
  }
}
