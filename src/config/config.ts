import { isLoopback } from '../kernel/loopback.ts'
import { nearest } from '../kernel/nearest.ts'
import { areas, type Config } from './areas.ts'
import { meetingPlaces } from './engine.ts'
import { type Area, variablesOf } from './variable.ts'

export type { Config } from './areas.ts'

/** What this process does. */
export type Role = 'all' | 'api' | 'worker'

/** Every mistake of an environment at once, a line each. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Texts of variables that are set, by name. */
type Given = Readonly<Record<string, string | undefined>>
/** Values of the variables without a mistake, by name. */
type Read = ReadonlyMap<string, unknown>

/** The only reader of the environment. An empty variable counts as absent. */
export function readConfig(env: NodeJS.ProcessEnv, role: Role): Config {
  const given: Given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== ''))
  const read = new Map<string, unknown>()
  const problems: string[] = []
  for (const { name, read: readText } of Object.values<Area>(areas).flatMap(variablesOf)) {
    const result = readText(given[name])
    if ('value' in result) read.set(name, result.value)
    else problems.push(...result.problems.map((problem) => `${name}: ${problem}`))
  }
  problems.push(...contradictions(given, read, role))
  if (problems.length > 0) throw new ConfigError(problems)
  // `Config` is derived from the same areas.
  return Object.freeze(Object.assign({}, ...Object.values<Area>(areas).map((area) => valuesOf(area, given, read))))
}

/** Whether callers need a key. Otherwise everybody is one account. */
export function hasAccounts({ apiKeys, accounts }: Pick<Config, 'apiKeys' | 'accounts'>): boolean {
  return apiKeys.length > 0 || accounts !== null
}

/** A line for each variable that nobody reads, whose name is nearly that of one of ours. */
export function misspelt(env: NodeJS.ProcessEnv): readonly string[] {
  const names = Object.values<Area>(areas).flatMap((area) => variablesOf(area).map(({ name }) => name))
  return Object.keys(env).flatMap((given) => {
    const meant = names.includes(given) ? undefined : nearest(given, names)
    return meant === undefined ? [] : [`${given} is not read; do you mean ${meant}?`]
  })
}

function valuesOf(area: Area, given: Given, read: Read): Readonly<Record<string, unknown>> {
  const entries = Object.entries(area).map(([property, part]) => {
    if (part.kind === 'variable') return [property, read.get(part.name)]
    const key = part.key === null ? undefined : part.parts[part.key]
    const isAbsent = key?.kind === 'variable' && given[key.name] === undefined
    return [property, isAbsent ? null : valuesOf(part.parts, given, read)]
  })
  return Object.fromEntries(entries)
}

/** Mistakes that no variable has alone. */
function contradictions(given: Given, read: Read, role: Role): readonly string[] {
  const problems: string[] = []
  if (role !== 'all' && meetingPlaces.every(({ variable }) => given[variable] === undefined)) {
    const [variables, titles] = [meetingPlaces.map(({ variable }) => variable), meetingPlaces.map(({ title }) => title)]
    problems.push(
      `${variables.join(' or ')}: is needed, because API and workers that run apart meet in ${titles.join(' or ')}`,
    )
  }
  const hasKeys = given['API_KEYS'] !== undefined || given['ACCOUNTS'] !== undefined
  if (!hasKeys && read.has('HOST') && !isLoopback(given['HOST'] ?? 'localhost')) {
    problems.push('HOST: takes a loopback address as long as there are no API_KEYS: no other is safe without them')
  }
  if (!hasKeys && given['CORS_ORIGINS']?.split(',').some((origin) => origin.trim() === '*')) {
    problems.push('CORS_ORIGINS: takes * only along with API_KEYS: without them, any page that is visited could act')
  }
  if (read.get('PORT') !== 0 && read.get('PORT') !== undefined && read.get('PORT') === read.get('METRICS_PORT')) {
    problems.push('METRICS_PORT: takes another port than PORT')
  }
  const hasProxies = given['TRUSTED_PROXIES'] !== undefined && read.has('TRUSTED_PROXIES')
  if (hasProxies && given['CLIENT_ADDRESS_HEADER'] === undefined) {
    problems.push('CLIENT_ADDRESS_HEADER: is needed, because TRUSTED_PROXIES alone names no header to read')
  }
  // Undefined, and so never less, where one of the two has a mistake of its own.
  const [log, record] = [read.get('RETENTION_SECONDS'), read.get('RECORD_RETENTION_SECONDS')]
  if (Number(record) < Number(log)) {
    problems.push('RECORD_RETENTION_SECONDS: must not be shorter than RETENTION_SECONDS')
  }
  return problems
}
