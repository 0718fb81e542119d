/**
 * Every command that the service calls, with arguments of a valid call: `key` and `channel` stand for one of ours, `queue` for
 * a key of BullMQ where it alone calls the command. BullMQ's are those of the scripts that it runs for us, whether or not we
 * reach each branch; test/engines/redis/needs compares. Each is a whole, valid call: `redis.acl_check_cmd` is
 * made for those only.
 */
const calls = {
  BZPOPMIN: 'queue 0',
  DEL: 'key',
  EVAL: 'script 0',
  EVALSHA: 'hash 0',
  EXISTS: 'key',
  EXPIRE: 'key 1',
  GET: 'key',
  HDEL: 'key field',
  HEXISTS: 'key field',
  HGET: 'key field',
  HGETALL: 'key',
  HINCRBY: 'key field 1',
  HLEN: 'key',
  HMGET: 'key field',
  HMSET: 'queue field value',
  HSET: 'key field value',
  HSETNX: 'key field value',
  HVALS: 'key',
  INCR: 'key',
  INFO: '',
  LINDEX: 'queue 0',
  LLEN: 'key',
  LPOP: 'key',
  LPOS: 'key element',
  LPUSH: 'key element',
  LRANGE: 'key 0 0',
  LREM: 'key 1 element',
  LTRIM: 'key 0 0',
  PERSIST: 'key',
  PEXPIRE: 'key 1',
  PING: '',
  PTTL: 'key',
  PUBLISH: 'channel message',
  PUNSUBSCRIBE: 'channel',
  RPOP: 'queue',
  RPOPLPUSH: 'queue queue',
  RPUSH: 'key element',
  SADD: 'key member',
  SCARD: 'queue',
  SET: 'key value',
  SMEMBERS: 'key',
  SREM: 'key member',
  SUBSCRIBE: 'channel',
  TIME: '',
  UNLINK: 'key',
  UNSUBSCRIBE: 'channel',
  XADD: 'key * field value',
  XLEN: 'key',
  XRANGE: 'key - +',
  XREVRANGE: 'key + -',
  XTRIM: 'queue MAXLEN 1',
  ZADD: 'key 0 member',
  ZCARD: 'key',
  ZCOUNT: 'queue 0 0',
  ZPOPMIN: 'queue',
  ZRANGE: 'key 0 0',
  ZRANGEBYSCORE: 'queue 0 0',
  ZREM: 'key member',
  ZREMRANGEBYRANK: 'key 0 0',
  ZREMRANGEBYSCORE: 'key 0 0',
  ZREVRANGE: 'queue 0 0',
  ZREVRANGEBYSCORE: 'queue 0 0',
  ZSCORE: 'key member',
} as const

export type CommandName = keyof typeof calls

export const commandNames = Object.keys(calls) as readonly CommandName[]

/** What the words `key`, `channel` and `queue` of a call become. */
export interface CallPlaces {
  readonly key: string
  readonly channel: string
  readonly queue: string
}

/** The words of a valid call of a command. */
export function callOf(name: CommandName, places: CallPlaces): readonly string[] {
  const words = calls[name].split(' ').filter((word) => word !== '')
  return [name, ...words.map((word) => (word in places ? places[word as keyof CallPlaces] : word))]
}
