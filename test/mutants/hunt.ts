import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { leaksOf } from '../secrets/leaks.ts'
import type { Finding } from '../secrets/search-secrets.ts'
import { useEverySecret } from '../secrets/use-every-secret.ts'
import type { TestedMutant } from './fair-mutants.ts'
import type { Edit, Mutant } from './mutant.ts'
import { mutatedCopy } from './mutated-copy.ts'
import type { SecretMutant } from './secret-mutants.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** How a hunt came out: 1, when something was found. */
export interface Hunt {
  readonly code: number
  readonly said: string
}

export interface SimulationHunted {
  /** It ends when so many seeds have found something. Default: 1. */
  readonly finds?: number
  readonly redisServer?: string
}

/** Plays the simulation on a copy of the code with the mutant's edits, in a process of its own. */
export async function huntInSimulation(
  { edits, inSimulation: { memory = 0, file = 0, redis = 0, theme } }: Mutant,
  { finds = 1, redisServer }: SimulationHunted = {},
): Promise<Hunt> {
  const parts = ['src', 'test/faults', 'test/simulation', 'test/support', 'package.json']
  const seeds = ['--seeds', `${memory}`, '--file', `${file}`, '--redis', `${redis}`]
  const args = [
    'test/simulation/main.ts',
    ...seeds,
    '--failures',
    `${finds}`,
    ...(theme === undefined ? [] : ['--theme', theme]),
  ]
  const copy = mutatedCopy(parts, edits)
  try {
    return await run(args, copy.root, redisServer)
  } finally {
    copy.remove()
  }
}

/** Runs the fault harness as it is, on a fleet of processes whose code has these edits. */
export async function huntInFleet({ inFleet }: Mutant, edits: readonly Edit[], redisServer?: string): Promise<Hunt> {
  if (inFleet === undefined) throw new Error('This mutant is not hunted in a fleet.')
  const { plan, says, seconds = 60, patience = 60 } = inFleet
  const copy = mutatedCopy(['src', 'package.json', 'schema.graphql'], edits)
  const bounds = ['--seed', '1', '--seconds', `${seconds}`, '--width', '8', '--patience', `${patience}`]
  const args = ['test/faults/main.ts', '--until', says.source, '--plan', plan, '--root', copy.root, ...bounds]
  try {
    return await run(args, root, redisServer)
  } finally {
    copy.remove()
  }
}

/** Runs the mutant's test on a copy of the code with its edits. */
export async function huntInTest({ edits, file }: TestedMutant): Promise<Hunt> {
  const parts = ['src', 'test', 'client', 'package.json', 'schema.graphql', 'tsconfig.json', 'vitest.config.ts']
  const copy = mutatedCopy(parts, edits)
  try {
    return await run(['node_modules/vitest/vitest.mjs', 'run', file], copy.root, undefined)
  } finally {
    copy.remove()
  }
}

/** Lets a service with the mutant's edits do all that it does with secrets, and searches what it has said. */
export async function huntForSecret({
  edits,
  found,
}: SecretMutant): Promise<{ readonly isFound: boolean; readonly leaks: readonly Finding[] }> {
  const copy = mutatedCopy(['src', 'package.json', 'schema.graphql'], edits)
  try {
    const leaks = leaksOf(await useEverySecret(copy.root))
    return { isFound: leaks.some(({ secret, place }) => secret === found.secret && place === found.place), leaks }
  } finally {
    copy.remove()
  }
}

async function run(args: readonly string[], cwd: string, redisServer: string | undefined): Promise<Hunt> {
  const env: NodeJS.ProcessEnv = { ...process.env }
  if (redisServer !== undefined) env['REDIS_SERVER_BIN'] = redisServer
  // Of vitest's own: the child is to find its Redis as it does without it.
  delete env['VITEST']
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, said: out + err }
}
