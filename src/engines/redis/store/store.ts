import type { Redis } from 'ioredis'
import type { ResourceId } from '../../../kernel/ids.ts'
import { handleOf } from '../../../store/handle.ts'
import type { DatasetRecord, Resource, ResourceKind } from '../../../store/resource.ts'
import { decodeResource, encodeFields, encodeRecord } from '../../../store/resource-codec.ts'
import type { ResourceChange, ResourceStore, Shelf, UpdateReply } from '../../../store/store.ts'
import { rethrowRedis } from '../connection.ts'
import { shelfKeys } from './store-keys.ts'
import { storeScript } from './store-script.ts'

export function createRedisStore(redis: Redis): ResourceStore {
  const create = storeScript(redis, 'create-resource')
  const update = storeScript(redis, 'update-resource')
  const remove = storeScript(redis, 'remove-resource')

  const findOne = async <Kind extends ResourceKind>({ account, kind }: Shelf<Kind>, id: ResourceId) =>
    decodeResource<Kind>(await redis.hgetall(shelfKeys(account, kind).item(id)).catch(rethrowRedis))

  /** Writes again when the holder of the handle is gone by the time it is read. */
  const written = async <Kind extends ResourceKind>(
    shelf: Shelf<Kind>,
    write: () => Promise<unknown>,
  ): Promise<UpdateReply<Kind>> => {
    for (;;) {
      const reply = (await write()) as ['written', string[]] | ['taken', string] | ['missing'] | ['stale']
      if (reply[0] === 'missing') return null
      if (reply[0] === 'stale') return { outcome: 'stale' }
      const resource =
        reply[0] === 'written'
          ? decodeResource<Kind>(fieldsOfHash(reply[1]))
          : await findOne(shelf, reply[1] as ResourceId)
      if (resource !== null) return { outcome: reply[0], resource }
    }
  }

  return {
    async create(shelf, { id, fields, records = [] }) {
      const args = [id, encodeHandle(handleOf(shelf.kind, fields)), ...content(encodeFields(fields), records)]
      const reply = await written(shelf, () => create({ ...shelf, id }, args))
      if (reply === null || reply.outcome === 'stale') throw new Error('The script that creates never misses anything.')
      return reply
    },

    find: (shelf, ids) => Promise.all(ids.map((id) => findOne(shelf, id))),

    async findByHandle(shelf, handle) {
      const id = await redis
        .hget(shelfKeys(shelf.account, shelf.kind).handles, encodeHandle(handle))
        .catch(rethrowRedis)
      return id === null ? null : findOne(shelf, id as ResourceId)
    },

    async page<Kind extends ResourceKind>(shelf: Shelf<Kind>, before: number | null, limit: number) {
      const { index } = shelfKeys(shelf.account, shelf.kind)
      const max = before === null ? '+inf' : `(${before}`
      // One more than asked for, to tell whether there is more.
      const ids = await redis.zrange(index, max, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit + 1).catch(rethrowRedis)
      const found = await Promise.all(ids.slice(0, limit).map((id) => findOne(shelf, id as ResourceId)))
      // Those that were deleted between the two reads are left out.
      const items = found.filter((item): item is NonNullable<typeof item> & Resource<Kind> => item !== null)
      return { items, hasMore: ids.length > limit }
    },

    update: (shelf, id, change) => {
      const args = updateArguments(shelf.kind, id, change)
      return written(shelf, () => update({ ...shelf, id }, args))
    },

    async remove(shelf, id) {
      return (await remove({ ...shelf, id }, [id])) === 1
    },
  }
}

function updateArguments<Kind extends ResourceKind>(
  kind: Kind,
  id: ResourceId,
  { fields, records, ifUnchangedSince }: ResourceChange<Kind>,
): readonly (string | number)[] {
  const handle = handleOf(kind, fields)
  return [
    id,
    handle === undefined ? 0 : 1,
    encodeHandle(handle),
    records === undefined ? 0 : 1,
    ifUnchangedSince ?? '',
    ...content(encodeFields(fields), records ?? []),
  ]
}

/** As JSON: Redis knows no half surrogates, and two handles of such must not become one. */
function encodeHandle(handle: string | null | undefined): string {
  return handle == null ? '' : JSON.stringify(handle)
}

function content(fields: ReturnType<typeof encodeFields>, records: readonly DatasetRecord[]) {
  return [fields.length, ...fields.flat(), ...records.flatMap((record) => [record.id, ...encodeRecord(record)])]
}

/** A hash as scripts answer it: field, value, field, value. */
function fieldsOfHash(flat: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? ''
  return fields
}
