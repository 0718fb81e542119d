import type { Redis } from 'ioredis'
import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import type { ResourceId } from '../../../kernel/ids.ts'
import { handleOf } from '../../../store/handle.ts'
import type { DatasetRecord, Resource, ResourceKind } from '../../../store/resource.ts'
import { decodeResource, encodeFields, encodeRecord } from '../../../store/resource-codec.ts'
import type { CollectionKey, ResourceChange, ResourceStore, UpdateReply } from '../../../store/store.ts'
import { rethrowRedis } from '../connection.ts'
import { collectionKeys } from './store-keys.ts'
import { storeScript } from './store-script.ts'

/** @param accountBytes of all that an account has stored; 0: no limit */
export function createRedisStore(redis: Redis, accountBytes: number): ResourceStore {
  const create = storeScript(redis, 'create-resource')
  const update = storeScript(redis, 'update-resource')
  const remove = storeScript(redis, 'remove-resource')

  const findOne = async <Kind extends ResourceKind>({ account, kind }: CollectionKey<Kind>, id: ResourceId) =>
    decodeResource<Kind>(await redis.hgetall(collectionKeys(account, kind).item(id)).catch(rethrowRedis))

  /** Writes again if the resource that holds the handle is deleted before it is read. */
  const written = async <Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    write: () => Promise<unknown>,
  ): Promise<UpdateReply<Kind>> => {
    for (;;) {
      const reply = (await write()) as
        | ['written', string[]]
        | ['taken', string]
        | ['missing' | 'stale' | 'account-full']
      if (reply[0] === 'account-full') throw accountIsFull()
      if (reply[0] === 'missing') return null
      if (reply[0] === 'stale') return { outcome: 'stale' }
      const resource =
        reply[0] === 'written'
          ? decodeResource<Kind>(fieldsOfHash(reply[1]))
          : await findOne(collection, reply[1] as ResourceId)
      if (resource !== null) return { outcome: reply[0], resource }
    }
  }

  return {
    async create(collection, { id, fields, records = [] }) {
      const handle = encodeHandle(handleOf(collection.kind, fields))
      const args = [id, handle, accountBytes, ...content(encodeFields(fields), records)]
      const reply = await written(collection, () => create({ ...collection, id }, args))
      if (reply === null || reply.outcome === 'stale')
        throw new Error('The create script returned `missing` or `stale`.')
      return reply
    },

    find: (collection, ids) => Promise.all(ids.map((id) => findOne(collection, id))),

    async findByHandle(collection, handle) {
      const id = await redis
        .hget(collectionKeys(collection.account, collection.kind).handles, encodeHandle(handle))
        .catch(rethrowRedis)
      return id === null ? null : findOne(collection, id as ResourceId)
    },

    async page<Kind extends ResourceKind>(collection: CollectionKey<Kind>, before: number | null, limit: number) {
      const { index } = collectionKeys(collection.account, collection.kind)
      const max = before === null ? '+inf' : `(${before}`
      // One more than requested, to know whether there are more.
      const ids = await redis.zrange(index, max, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit + 1).catch(rethrowRedis)
      const found = await Promise.all(ids.slice(0, limit).map((id) => findOne(collection, id as ResourceId)))
      // Resources that were deleted between the two reads are left out.
      const items = found.filter((item): item is NonNullable<typeof item> & Resource<Kind> => item !== null)
      return { items, hasMore: ids.length > limit }
    },

    update: (collection, id, change) => {
      const args = updateArguments(collection.kind, { id, change, accountBytes })
      return written(collection, () => update({ ...collection, id }, args))
    },

    async remove(collection, id) {
      return (await remove({ ...collection, id }, [id])) === 1
    },
  }
}

function updateArguments<Kind extends ResourceKind>(
  kind: Kind,
  {
    id,
    change,
    accountBytes,
  }: { readonly id: ResourceId; readonly change: ResourceChange<Kind>; readonly accountBytes: number },
): readonly (string | number)[] {
  const { fields, records, ifUnchangedSince } = change
  const handle = handleOf(kind, fields)
  return [
    id,
    handle === undefined ? 0 : 1,
    encodeHandle(handle),
    records === undefined ? 0 : 1,
    ifUnchangedSince ?? '',
    accountBytes,
    ...content(encodeFields(fields), records ?? []),
  ]
}

/** As JSON: Redis cannot store lone surrogates, and two handles that differ in one must not become equal. */
function encodeHandle(handle: string | null | undefined): string {
  return handle == null ? '' : JSON.stringify(handle)
}

function content(fields: ReturnType<typeof encodeFields>, records: readonly DatasetRecord[]) {
  return [fields.length, ...fields.flat(), ...records.flatMap((record) => [record.id, ...encodeRecord(record)])]
}

/** A hash as scripts return it: field, value, field, value. */
function fieldsOfHash(flat: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? ''
  return fields
}
