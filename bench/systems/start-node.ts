import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Reported } from './report-memory.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface NodeProcess {
  readonly pid: number
  /** The address that the process reported; empty if it reports none. */
  readonly url: string
  /** The memory after two full collections, and its loop's delay, reported by the process itself; `isNewSpan` lets the delay count from here. Needs `reportingMemory`. */
  memory(options?: { readonly isNewSpan: boolean }): Promise<Reported>
  /** Sends SIGTERM, and SIGKILL after 10 s. Resolves when the process is gone. */
  stop(): Promise<void>
}

export interface NodeProcessOptions {
  /** A file in the project's folder, and its arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Options for Node itself. */
  readonly nodeArgs?: readonly string[]
}

/** Options for Node that make `memory()` work. */
export const reportingMemory = ['--expose-gc', '--import', './bench/systems/report-memory.ts']

/** Starts a program, and waits until it logs a JSON line with `listening` or `worker started`. */
export async function startNode({ args, env, nodeArgs = [] }: NodeProcessOptions): Promise<NodeProcess> {
  const child = spawn(process.execPath, [...nodeArgs, ...args], {
    cwd: root,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const endWithUs = () => void child.kill('SIGKILL')
  process.on('exit', endWithUs)
  const up = Promise.withResolvers<string>()
  const isWorkerAlone = !args.includes('all')
  if (child.stdout === null) throw new Error('stdout is a pipe')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"listening"') || (isWorkerAlone && line.includes('"worker started"'))) up.resolve(line)
    else if (line.includes('"level":50') || line.includes('"level":40')) process.stderr.write(`${args[0]}: ${line}\n`)
  })
  child.once('exit', (code) => {
    process.off('exit', endWithUs)
    up.reject(new Error(`${args.join(' ')} ended with ${code} before it was up.`))
  })
  const { url = '' } = JSON.parse(await up.promise) as { url?: string }
  return {
    pid: child.pid ?? 0,
    url,
    async memory({ isNewSpan } = { isNewSpan: false }) {
      const told = once(child, 'message')
      child.send({ isNewSpan })
      return (await told)[0] as Reported
    },
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(patience)
}
