import { type CommandName, callOf, commandNames } from './commands.ts'

/** What a script that lacks a permission answers, before it has written anything. */
const refusal = 'NOPERM The user may not run all that a script runs.'

/**
 * Lua that comes before a script: it refuses the script as a whole if the user may not make one of its calls. Redis has no
 * rollback, and permissions change while we run: a script that Redis refuses in the middle has written its first half.
 */
export function guardOf(lua: string): string {
  const names = commandsIn(lua)
  const topicKey = /\btopic = (KEYS\[\d+\])/.exec(lua)?.[1]
  if (topicKey === undefined && names.includes('PUBLISH')) throw new Error('A script that publishes names its topic.')
  const call = (name: CommandName, key: string) => {
    const words = callOf(name, { key: '\0', channel: '\0', queue: '\0' })
    const place = name === 'PUBLISH' ? topicKey : key
    return `redis.acl_check_cmd(${words.map((word) => (word === '\0' ? place : `'${word}'`)).join(', ')})`
  }
  const checks = names.map((name) => `if not ${call(name, 'KEYS[1]')} then return redis.error_reply('${refusal}') end`)
  const keyed =
    names.find((name) => writes.has(name)) ?? names.find((name) => call(name, 'KEYS[1]').includes('KEYS[1]'))
  const others =
    keyed === undefined
      ? ''
      : `for i = 2, #KEYS do if not ${call(keyed, 'KEYS[i]')} then return redis.error_reply('${refusal}') end end`
  return [...checks, others].join(' ')
}

/** Those of our scripts that change what a key holds, and that no script calls with several keys. */
const writes = new Set<CommandName>(['HSET', 'HDEL', 'ZADD', 'ZREM', 'SET', 'RPUSH', 'LPUSH', 'LPOP', 'LREM'])

/** The commands that a script can reach. */
export function commandsIn(lua: string): readonly CommandName[] {
  const called = reachedIn(lua).flatMap((text) => [...text.matchAll(/redis\.call\('(\w+)'/g)])
  return [...new Set(called.map(([, name = '']) => nameOf(name)))]
}

/** A script, and the functions before it that it calls. Those that it does not call are left out. */
export function reachedIn(lua: string): readonly string[] {
  const functions = new Map<string, string>()
  const body = lua.replace(/^local function (\w+)\([\s\S]*?^end$/gm, (text, name: string) => {
    functions.set(name, text)
    return ''
  })
  const reached = new Set([body])
  // A set goes on with what is added to it meanwhile.
  for (const text of reached) {
    for (const [name, own] of functions) if (new RegExp(`\\b${name}\\(`).test(text)) reached.add(own)
  }
  return [...reached]
}

function nameOf(name: string): CommandName {
  const known = commandNames.find((each) => each === name)
  if (known === undefined) throw new Error(`A script calls ${name}, which is not in the list of commands.`)
  return known
}
