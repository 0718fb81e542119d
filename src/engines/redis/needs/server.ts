/** What `INFO` says against this server. Final: the user cannot be checked on it. */
export interface ServerProblem {
  readonly line: string
  readonly isFinal: boolean
}

/** The oldest that can tell a script what its user may do (`redis.acl_check_cmd`), and that we test. */
const oldest = { redis: '7.0', valkey: '7.2' } as const

export const clusterLine =
  'this is a Redis Cluster, and a dispatch is one script on keys of several slots; turn cluster mode off'

/** @param info empty: the user may not ask. What a managed Redis leaves out counts as right. */
export function problemsOfServer(info: string): readonly ServerProblem[] {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const problems: ServerProblem[] = []
  const valkey = field('valkey_version')
  const [name, version, needed] =
    valkey === undefined ? ['Redis', field('redis_version'), oldest.redis] : ['Valkey', valkey, oldest.valkey]
  if (version !== undefined && isOlder(version, needed)) {
    const line = `${name} ${version} is too old; Redis ${oldest.redis} or Valkey ${oldest.valkey} is the oldest that works`
    problems.push({ line, isFinal: true })
  }
  if (field('redis_mode') === 'sentinel') {
    const line =
      'this is a Sentinel, which stores nothing, and Sentinels are not asked; name the address of the primary'
    problems.push({ line, isFinal: true })
  }
  if (field('cluster_enabled') === '1') problems.push({ line: clusterLine, isFinal: true })
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    const line = `maxmemory-policy is ${policy}, which deletes logs and jobs at will; set maxmemory-policy noeviction`
    problems.push({ line, isFinal: false })
  }
  return problems
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
