import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type Config, ConfigError, readConfig } from '../config/config.ts'
import { secretsOf } from '../config/secrets.ts'
import { examineRedis, type RedisReport } from '../engines/redis/examine.ts'
import { folderProblem } from '../engines/sqlite/database/folder.ts'
import { Failure } from '../kernel/errors.ts'
import { type ListenOptions, listen } from '../kernel/listen.ts'
import { createCatalogue } from '../models/catalogue.ts'
import { examineProviders, type ProviderReport } from '../models/examine.ts'
import { parseModelName } from '../models/model-name.ts'
import { createProviders } from '../models/providers.ts'
import { createRedaction } from '../telemetry/redaction.ts'

/** `fail`: it will not work; `warn`: it will, but somebody should know. */
export interface Finding {
  readonly mark: 'ok' | 'warn' | 'fail'
  readonly what: string
}

/**
 * Checks a configuration and all that it leads to, without writing anything. @param print gets a line for each thing. Resolves
 * with whether nothing failed.
 */
export async function examine(env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<boolean> {
  const { config, findings } = readEnvironment(env)
  const redaction = createRedaction(config === null ? [] : secretsOf(config))
  const told: Finding[] = []
  const tell = (some: readonly Finding[]) => {
    for (const finding of some) print(redaction.line(`${finding.mark.padEnd(4)}  ${finding.what}`))
    told.push(...some)
  }
  tell(findings)
  if (config !== null) {
    tell(examineKeys(config))
    tell(openFiles())
    tell(await addressFindings(config))
    const { redisUrl } = config
    tell(redisUrl === null ? embeddedFindings(config) : redisFindings(await examineRedis(redisUrl)))
    const reports = await examineProviders(config.providers, fetch)
    tell(reports.map(providerFinding))
    tell(defaultModelFindings(config, reports))
  }
  return told.every(({ mark }) => mark !== 'fail')
}

function readEnvironment(env: NodeJS.ProcessEnv): { config: Config | null; findings: readonly Finding[] } {
  try {
    return {
      config: readConfig(env, 'all'),
      findings: [{ mark: 'ok', what: 'configuration: every variable can be read' }],
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.message.split('\n').slice(1)
    return { config: null, findings: lines.map((line) => ({ mark: 'fail', what: line.trim() })) }
  }
}

function examineKeys({ apiKeys, accounts, redisUrl, tokenSecret, secretsKeys }: Config): readonly Finding[] {
  const findings: Finding[] = []
  const warn = (what: string) => findings.push({ mark: 'warn', what })
  if (accounts !== null) {
    findings.push({ mark: 'ok', what: `ACCOUNTS: ${accounts.accounts.size} accounts in ${accounts.path}` })
  }
  if (apiKeys.length === 0 && accounts === null) warn('API_KEYS: absent; only this machine can connect')
  else if (apiKeys.length > 0)
    findings.push({ mark: 'ok', what: `API_KEYS: ${new Set(apiKeys.map(({ account }) => account)).size} accounts` })
  if (redisUrl !== null && tokenSecret === null) warn('TOKEN_SECRET: absent; no tokens for browsers can be minted')
  if (redisUrl !== null && secretsKeys.length === 0) warn('SECRETS_KEY: absent; secrets of abilities cannot be stored')
  return findings
}

const fewFiles = 10_000

/** Each connection takes one. */
function openFiles(): readonly Finding[] {
  let limits = ''
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return [] // Not Linux.
  }
  const most = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  if (most === undefined || Number(most) >= fewFiles)
    return [{ mark: 'ok', what: `open files: ${most ?? 'unlimited'}` }]
  return [{ mark: 'warn', what: `open files: ${most}, and each connection takes one; raise it with ulimit -n 65536` }]
}

/** Listens for a moment. A port may be taken by the service itself, which goes on running while it is examined. */
async function addressFindings({ host, port, metrics }: Config): Promise<readonly Finding[]> {
  const addresses: readonly ListenOptions[] = [
    { host, port, variable: 'PORT' },
    ...(metrics === null ? [] : [{ ...metrics, variable: 'METRICS_PORT' }]),
  ]
  return Promise.all(
    addresses.map(async (address): Promise<Finding> => {
      const { variable } = address
      const server = createServer()
      try {
        await listen(server, address)
        return { mark: 'ok', what: `${variable}: ${address.host}:${address.port} can be listened on` }
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if (code !== 'EADDRINUSE') return { mark: 'fail', what: message }
        return { mark: 'warn', what: `${message.replace(/\.$/, '')}, unless this service is what listens there` }
      } finally {
        server.close()
      }
    }),
  )
}

function embeddedFindings({ dataDir }: Config): readonly Finding[] {
  const alone: Finding = {
    mark: 'warn',
    what: 'REDIS_URL: absent; everything is kept in one process, and `api` and `worker` do not start',
  }
  if (dataDir === null) return [alone, { mark: 'warn', what: 'DATA_DIR: memory; all is gone when the process exits' }]
  const problem = folderProblem(dataDir)
  if (problem !== null) return [alone, { mark: 'fail', what: problem }]
  return [alone, { mark: 'ok', what: `DATA_DIR: ${dataDir} can be written to` }]
}

function redisFindings({ problems, warnings, server }: RedisReport): readonly Finding[] {
  const line = (mark: Finding['mark']) => (text: string) => ({ mark, what: `REDIS_URL: ${text}` })
  const ok = problems.length === 0 ? [`${server ?? 'Redis'} answers, and its user may do all that is needed`] : []
  return [...ok.map(line('ok')), ...problems.map(line('fail')), ...warnings.map(line('warn'))]
}

function providerFinding({ variable, problem, models }: ProviderReport): Finding {
  if (problem !== null) return { mark: 'fail', what: `${variable}: ${problem}` }
  return { mark: 'ok', what: `${variable}: the provider answers, with ${models?.length ?? 'no list of'} models` }
}

function defaultModelFindings(
  { providers: access, defaultModel }: Config,
  reports: readonly ProviderReport[],
): readonly Finding[] {
  const unused = () => Promise.reject(new Error('Nothing is called.'))
  const clock = () => performance.now()
  const opened = createProviders({
    access,
    fetch: unused,
    clock,
    sleep: unused,
    random: () => 0,
    maxInFlight: 1,
    silenceMs: 1,
  })
  try {
    createCatalogue({ providers: opened.providers, unconfigured: opened.unconfigured, defaultModel })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ mark: 'fail', what: error.message }]
  } finally {
    opened.close()
  }
  const { provider, name } = splitName(defaultModel)
  const models = reports.find(({ ids }) => ids.includes(provider))?.models ?? null
  const isListed = models === null || models.some((model) => model === name || model === `${name}:latest`)
  if (isListed) return [{ mark: 'ok', what: `DEFAULT_MODEL: ${defaultModel}` }]
  return [
    { mark: 'warn', what: `DEFAULT_MODEL: ${provider} does not list ${JSON.stringify(name)}; is its name right?` },
  ]
}

function splitName(model: string): { readonly provider: string; readonly name: string } {
  const parsed = parseModelName(model)
  return typeof parsed === 'string'
    ? { provider: '', name: '' }
    : { provider: parsed.provider ?? '', name: parsed.name }
}
