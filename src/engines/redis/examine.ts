import { Failure } from '../../kernel/errors.ts'
import { connectRedis } from './connection.ts'
import { findProblems } from './needs/check-needs.ts'
import { findFormProblem } from './needs/form.ts'

/** What is said of a Redis to whoever is about to use it. */
export interface RedisReport {
  /** What keeps the service from working, a line each. */
  readonly problems: readonly string[]
  /** What may cost data or surprise. */
  readonly warnings: readonly string[]
  /** Name and version, if it could be asked. */
  readonly server: string | null
}

/** A clock that is further off makes deadlines and delays late. */
const clockToleranceMs = 1000

/** Connects as the service does, and looks without writing anything. */
export async function examineRedis(url: string): Promise<RedisReport> {
  try {
    const redis = await connectRedis({ url, name: 'doctor', patience: 'impatient', onError: () => {} })
    try {
      const form = await findFormProblem(redis).catch(() => null)
      const info = await redis.info().catch(() => '')
      const problems = [...(await findProblems(redis)), ...(form === null ? [] : [form]), ...roleProblems(info)]
      return { problems, warnings: [...durability(info), ...(await clockOf(redis))], server: serverOf(info) }
    } finally {
      redis.disconnect()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { problems: [error.message.replace(/^REDIS_URL: /, '')], warnings: [], server: null }
  }
}

const fieldOf = (info: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]

function serverOf(info: string): string | null {
  const valkey = fieldOf(info, 'valkey_version')
  const redis = fieldOf(info, 'redis_version')
  return valkey !== undefined ? `Valkey ${valkey}` : redis !== undefined ? `Redis ${redis}` : null
}

function roleProblems(info: string): readonly string[] {
  return fieldOf(info, 'role') === 'slave' ? ['this is a replica, which takes no writes; name the primary'] : []
}

function durability(info: string): readonly string[] {
  const warnings: string[] = []
  if (fieldOf(info, 'aof_enabled') === '0') {
    warnings.push('no append-only file: a restart of Redis loses what it has not saved; set appendonly yes')
  }
  if (fieldOf(info, 'maxmemory') === '0') {
    warnings.push('no maxmemory: Redis grows until the system ends it; set maxmemory and maxmemory-policy noeviction')
  }
  return warnings
}

async function clockOf(redis: { time(): Promise<unknown> }): Promise<readonly string[]> {
  const before = Date.now()
  const reply = await redis.time().catch(() => null)
  if (!Array.isArray(reply)) return []
  const [seconds, micros] = reply.map(Number)
  const offMs = Math.abs(Number(seconds) * 1000 + Number(micros) / 1000 - (before + Date.now()) / 2)
  if (offMs <= clockToleranceMs) return []
  return [`its clock and that of this machine are ${(offMs / 1000).toFixed(1)} s apart; synchronise both`]
}
