import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const aptGet = '/usr/bin/apt-get'

/** The programs the tests drive, as paths that can be started. */
export interface Tools {
  readonly redisServer: string
  readonly chromium: string
  readonly nginx: string
  readonly promtool: string
}

interface Wanted {
  /** Wins over PATH; nothing else is tried when it is set. */
  readonly variable: string
  readonly programs: readonly string[]
  readonly debianPackage: string
  readonly versionArgument: string
  isUsable(versionText: string): boolean
}

const wanted: Record<keyof Tools, Wanted> = {
  redisServer: {
    variable: 'REDIS_SERVER_BIN',
    programs: ['redis-server'],
    debianPackage: 'redis-server',
    versionArgument: '--version',
    isUsable: (versionText) => Number(/v=(\d+)\./.exec(versionText)?.[1] ?? 0) >= 7,
  },
  chromium: {
    variable: 'CHROMIUM_BIN',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    debianPackage: 'chromium',
    versionArgument: '--version',
    isUsable: () => true,
  },
  nginx: {
    variable: 'NGINX_BIN',
    programs: ['nginx'],
    debianPackage: 'nginx',
    versionArgument: '-v',
    isUsable: () => true,
  },
  promtool: {
    variable: 'PROMTOOL_BIN',
    programs: ['promtool'],
    debianPackage: 'prometheus',
    versionArgument: '--version',
    isUsable: () => true,
  },
}
const names = Object.keys(wanted) as (keyof Tools)[]

/** What of it is on this machine and runs. Installs nothing. */
export async function findTools(): Promise<Partial<Tools>> {
  const found: { -readonly [Name in keyof Tools]?: string } = {}
  for (const name of names) {
    const path = await find(wanted[name])
    if (path !== null) found[name] = path
  }
  return found
}

/**
 * Finds the tools, and where one is missing on Debian or Ubuntu and this is root, installs it first. Throws one line that
 * says what to install otherwise. Debian's packages may start a redis-server on 6379, an nginx on 80 and a Prometheus on 9090: the
 * tests neither use nor end them.
 */
export async function ensureTools(): Promise<Tools> {
  let found = await findTools()
  let installFailure: unknown
  const missing = names.filter((name) => found[name] === undefined && process.env[wanted[name].variable] === undefined)
  if (missing.length > 0 && process.getuid?.() === 0 && (await isExecutable(aptGet))) {
    installFailure = await install(missing).then(
      () => undefined,
      (error: unknown) => error,
    )
    found = await findTools()
  }
  const { redisServer, chromium, nginx, promtool } = found
  if (redisServer !== undefined && chromium !== undefined && nginx !== undefined && promtool !== undefined) {
    return { redisServer, chromium, nginx, promtool }
  }
  throw new Error(
    'The tests need redis-server 7.0 or newer, chromium, nginx and promtool, on PATH or named by REDIS_SERVER_BIN, ' +
      `CHROMIUM_BIN, NGINX_BIN and PROMTOOL_BIN; not found: ${names.filter((name) => found[name] === undefined).join(', ')}. ` +
      'On Debian or Ubuntu: apt-get install redis-server chromium nginx prometheus',
    { cause: installFailure },
  )
}

async function install(missing: readonly (keyof Tools)[]): Promise<void> {
  const packages = missing.map((name) => wanted[name].debianPackage)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 }
  await run(aptGet, ['update'], options)
  await run(aptGet, ['install', '-y', '--no-install-recommends', ...packages], options)
}

async function find({ variable, programs, versionArgument, isUsable }: Wanted): Promise<string | null> {
  const override = process.env[variable]
  // Debian keeps servers in /usr/sbin, which is not on every user's PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const candidates =
    override === undefined ? programs.flatMap((program) => folders.map((folder) => join(folder, program))) : [override]
  for (const path of candidates) {
    if (!(await isExecutable(path))) continue
    // Ubuntu's chromium package is a stub that asks for snap: it is there, but does not run.
    const versionText = await run(path, [versionArgument]).then(
      ({ stdout }) => stdout,
      () => null,
    )
    if (versionText !== null && isUsable(versionText)) return path
  }
  return null
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
