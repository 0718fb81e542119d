import { readFileSync } from 'node:fs'
import { type Redis, ReplyError } from 'ioredis'
import { isOfCluster } from '../connection.ts'
import { lacking, type Need, needs, serviceKeys } from './needs.ts'
import { clusterLine, problemsOfServer } from './server.ts'

const deniedLua = readFileSync(new URL('./denied.lua', import.meta.url), 'utf8')

const calls = needs.flatMap((need) => need.calls.map((call) => ({ need, call })))
const callsJson = JSON.stringify(calls.map(({ call }) => call))

/** One line for each thing that this Redis, or its user, lacks; empty if the service can work. Writes nothing. */
export async function findProblems(redis: Redis): Promise<readonly string[]> {
  const info = await redis.info().catch((error: unknown) => unlessDenied(error, ''))
  const problems = problemsOfServer(info)
  // Older servers cannot tell what a user may do.
  if (problems.some(({ isFinal }) => isFinal)) return problems.map(({ line }) => line)
  const missing = await missingNeeds(redis)
  const lines = [...problems.map(({ line }) => line), ...lacking(missing)]
  return lines.length === 0 && (await isSpread(redis)) ? [clusterLine] : lines
}

/** Whether a script may use all of our keys at once. What stands before several servers may answer INFO for one that is none. */
async function isSpread(redis: Redis): Promise<boolean> {
  try {
    await redis.eval('return 1', serviceKeys.length, ...serviceKeys)
    return false
  } catch (error) {
    if (isOfCluster(error)) return true
    throw error
  }
}

async function missingNeeds(redis: Redis): Promise<readonly Need[]> {
  const denied = await redis.eval(deniedLua, 0, callsJson).catch((error: unknown) => unlessDenied(error, null))
  // Without scripts nothing more can be learnt; the next start says the rest.
  if (denied === null) return needs.filter(({ name }) => name === 'EVAL')
  const flat = denied as (number | string)[]
  const told = new Set<Need>()
  const unclear = new Set<Need>()
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const { need } = calls[Number(flat[i]) - 1] ?? {}
    const words = String(flat[i + 1])
    if (need?.kind === kindIn(words)) told.add(need)
    // Redis does not say why a script may not make a call that no script may make, such as SUBSCRIBE.
    else if (need?.kind === 'command' && !isReason.test(words)) unclear.add(need)
  }
  const needsPlaces = [...told].some(({ kind }) => kind !== 'command')
  return needs.filter((need) => told.has(need) || (!needsPlaces && unclear.has(need)))
}

const isReason = /permission|can't (run|access|publish)/

/** A command is also refused for its keys or its channel, which have a need of their own. */
function kindIn(words: string): Need['kind'] | null {
  if (!isReason.test(words)) return null
  if (/\bkeys?\b/.test(words)) return 'keys'
  return /\bchannels?\b/.test(words) ? 'channels' : 'command'
}

/** What stands for the answer to a command that the user may not call. */
function unlessDenied<Stand>(error: unknown, stand: Stand): Stand {
  if (error instanceof ReplyError && (error as Error).message.startsWith('NOPERM')) return stand
  throw error
}
