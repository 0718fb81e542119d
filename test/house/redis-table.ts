import { lacking, needs } from '../../src/engines/redis/needs/needs.ts'
import { problemsOfServer } from '../../src/engines/redis/needs/server.ts'

export const needHead = ['needed', 'ACL rules'] as const

/** What the Redis user must be allowed. */
export function needRows(): readonly (readonly string[])[] {
  const of = (kind: 'command' | 'keys' | 'channels') => needs.filter((need) => need.kind === kind)
  const byFirst = Map.groupBy(of('command'), ({ name }) => name.slice(0, 1))
  const rules = (some: readonly (typeof needs)[number][]) => some.map(({ rule }) => `\`${rule}\``).join(' ')
  return [
    ...[...byFirst].map(([letter, some]) => [`commands with ${letter}`, rules(some)]),
    ...of('keys').map((need) => [`keys of ${need.name.startsWith('{') ? 'the queue' : 'the service'}`, rules([need])]),
    ['channels', rules(of('channels'))],
    ['a database other than 0', '`+select`'],
  ]
}

export const saidHead = ['a Redis where', 'what the process says, as it exits with 1'] as const

/** What is said of one missing thing of each kind; each command has a line of its own. */
export function saidRows(): readonly (readonly string[])[] {
  const missing = (name: string) => lacking(needs.filter((need) => need.name === name && need.kind !== 'channels'))[0]
  const server = (info: string) => problemsOfServer(info)[0]?.line
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['the user may not run a command, here `HSET`', missing('HSET')],
    ['the user may not run scripts', missing('EVAL')],
    ['the user may not use our keys', missing('bc:*')],
    ["the user may not use the queue's keys", missing('{bc}:*')],
    ['the user may not use our channels', lacking(needs.filter(({ kind }) => kind === 'channels'))[0]],
    ['the version is too old', server('redis_version:6.2.7')],
    ['Valkey is too old', server('redis_version:7.2.4\nvalkey_version:7.1.0')],
    ['cluster mode is on', server('cluster_enabled:1')],
    ['keys may be evicted', server('maxmemory_policy:allkeys-lru')],
    ['the database is not there', 'Redis has no database 99: ERR DB index is out of range'],
  ]
  return rows.map(([what, line]) => [what, `\`REDIS_URL: ${line}.\``])
}
