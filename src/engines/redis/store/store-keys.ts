import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import type { ResourceKind } from '../../../store/resource.ts'

/**
 * The keys of one resource and its collection. They share one hash tag and so one cluster slot, so that one script can use
 * all of them. `item`, `handles` (handle -> id), `texts` and `metas` (of a dataset's records) are hashes; `index` and
 * `order` are sorted sets by place; `counter` is the last place that was given. Channels have the prefix `bc:{a/…}`.
 */
export function resourceKeys(account: AccountId, kind: ResourceKind, id: ResourceId) {
  const { index, handles, counter, item } = collectionKeys(account, kind)
  const base = item(id)
  return { item: base, index, handles, counter, texts: `${base}:texts`, metas: `${base}:metas`, order: `${base}:order` }
}

export function collectionKeys(account: AccountId, kind: ResourceKind) {
  const base = `bc:{s/${account}/${kind}}`
  return {
    index: `${base}:index`,
    handles: `${base}:handles`,
    counter: `${base}:counter`,
    item: (id: ResourceId) => `${base}:item:${id}`,
  }
}
