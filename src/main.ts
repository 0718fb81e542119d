import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { help, readArguments } from './cli/arguments.ts'
import { ConfigError, hasAccounts, misspelt, type Role, readConfig } from './config/config.ts'
import { type Accounts, createAccounts } from './config/live-accounts.ts'
import { Failure } from './kernel/errors.ts'
import { readVersion } from './kernel/version.ts'
import { watchParent } from './kernel/watch-parent.ts'
import { welcome } from './server/welcome.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'

/** Two signals within this time are one request: npm passes on the Ctrl-C that the terminal has sent to both of us. */
const sameRequestMs = 1000
/** A process that is asked to end while it starts may take this long to be up; it then closes what it has opened. */
const startGraceMs = 2000

/**
 * How much the old objects of the heap may grow before they are collected, in percent. V8 lets them grow to four times: 200 readers of a
 * text of 4 MB then held 310 MB of garbage beside 75 MB (605 MB resident); with this they hold 150 (440 MB).
 */
const heapGrowth = 100

/** Closes the app when the process is asked to end, from before it is up. */
function closeWhenAsked(starting: Promise<{ close(): Promise<unknown> }>, logger: Logger): void {
  let askedAt: number | null = null
  const close = (why: object) => {
    const now = performance.now()
    // Asked again, the user does not want to wait.
    if (askedAt !== null && now - askedAt > sameRequestMs) process.exit(1)
    if (askedAt !== null) return
    askedAt = now
    logger.info(why, 'closing')
    const up = Promise.race([starting, sleep(startGraceMs, null)])
    void up
      .then((app) => app?.close())
      .then(
        () => {
          logger.info({ durationMs: Math.round(performance.now() - now) }, 'closed')
          process.exit(0)
        },
        // It could not start; that is reported where it is awaited.
        () => {},
      )
  }
  process.on('SIGTERM', (signal) => close({ signal }))
  process.on('SIGINT', (signal) => close({ signal }))
  // A shell between npm and us, such as that of npx, passes no signal on. The end of the shell is then the request.
  if (process.env['npm_lifecycle_event'] !== undefined) {
    watchParent(
      () => process.ppid,
      () => close({ signal: null, reason: 'the process that started this one has ended' }),
    )
  }
}

/** Without a file of accounts SIGHUP ends the process, as it does by default. */
function reloadWhenAsked(accounts: Accounts, logger: Logger): void {
  process.on('SIGHUP', (signal) => {
    const problem = accounts.reload()
    if (problem === null) logger.info({ signal }, 'ACCOUNTS has been read again')
    else logger.error({ signal }, `${problem}; the accounts stay as they were`)
  })
}

/** What serves is loaded here: the rest of a command line is answered without it, in a tenth of the time. */
async function serve(role: Role): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowth}`)
  const config = readConfig(process.env, role)
  const isTerminal = process.stdout.isTTY
  const accounts = createAccounts(config)
  const logger = createLogger(config.logLevel, {
    secrets: accounts.secrets,
    isReadable: isTerminal,
    ...(config.traces === null ? {} : { service: config.traces.serviceName }),
  })
  for (const hint of misspelt(process.env)) logger.warn(hint)
  const { startApp } = await import('./app.ts')
  const starting = startApp({ config, accounts, role, logger })
  closeWhenAsked(starting, logger)
  if (config.accounts !== null) reloadWhenAsked(accounts, logger)
  const { url, kept, drain } = await starting
  process.on('SIGUSR2', () => {
    logger.info({ signal: 'SIGUSR2' }, 'draining: no new runs are taken')
    drain()
  })
  if (url !== null && isTerminal) {
    process.stdout.write(welcome(url, { kept, hasKeys: hasAccounts(config), hasConsole: config.console }))
  }
}

/** Of the folder that the configuration names. */
async function backUpTo(target: string): Promise<void> {
  const { dataDir } = readConfig(process.env, 'all')
  if (dataDir === null) throw new ConfigError(['DATA_DIR: names the folder to back up; with memory there is none'])
  const { backUp } = await import('./engines/sqlite/backup.ts')
  backUp(dataDir, target)
  print(`${target} is a backup of ${dataDir}. Its keys are not in it: keep a copy of ${dataDir}/keys.`)
}

async function examineAndExit(): Promise<never> {
  const { examine } = await import('./cli/doctor.ts')
  process.exit((await examine(process.env, print)) ? 0 : 1)
}

const print = (line: string) => void process.stdout.write(`${line}\n`)

const command = readArguments(process.argv.slice(2))
try {
  if (command.kind === 'serve') await serve(command.role)
  else if (command.kind === 'wrong') throw new Failure('BAD_USER_INPUT', command.problem)
  else if (command.kind === 'help') print(help)
  else if (command.kind === 'backup') await backUpTo(command.target)
  else if (command.kind === 'version') print(readVersion())
  else await examineAndExit()
} catch (error) {
  const isExpected = error instanceof ConfigError || (error instanceof Error && 'code' in error)
  process.stderr.write(`${isExpected ? (error as Error).message : (error as Error).stack}\n`)
  process.exit(1)
}
