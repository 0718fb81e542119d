import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import type { ResourceKind } from '../../../store/resource.ts'
import { ledgerKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { defineKeyedScript, type NamedKeys } from '../script-keys.ts'
import { resourceKeys } from './store-keys.ts'

export interface ItemKey {
  readonly account: AccountId
  readonly kind: ResourceKind
  readonly id: ResourceId
}

const keysLua = readFileSync(new URL('./resource-keys.lua', import.meta.url), 'utf8')

const ofItem =
  (part: keyof ReturnType<typeof resourceKeys>) =>
  ({ account, kind, id }: ItemKey) =>
    resourceKeys(account, kind, id)[part]

const keys: NamedKeys<ItemKey> = {
  item: ofItem('item'),
  index: ofItem('index'),
  handles: ofItem('handles'),
  counter: ofItem('counter'),
  texts: ofItem('texts'),
  metas: ofItem('metas'),
  order: ofItem('order'),
  held: ({ account }) => ledgerKeys(account).held,
  ends: ({ account }) => ledgerKeys(account).ends,
}

/** A script of the store that works on one resource, in one round trip. `name` is the name of its file. */
export function storeScript(redis: Redis, name: string) {
  const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
  const lua = [ledgerLua, keysLua, body].join('\n')
  return defineKeyedScript(redis, { name: `backchannel-${name}`, lua, keys })
}
