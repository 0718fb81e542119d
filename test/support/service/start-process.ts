import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { opened } from '../lifetime/opened.ts'
import { builtService } from './built-service.ts'

const ourRoot = fileURLToPath(new URL('../../../', import.meta.url))

export interface ServiceProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Of an API process; empty for a worker. */
  readonly url: string
  readonly wsUrl: string
  /** What it has logged so far, parsed where it is JSON. */
  readonly log: readonly string[]
  /** Sends the signal and, unless it only stops the process, waits for the end; the exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>
}

/**
 * The service as a process of its own, from this tree or another. It is killed when the test ends, if it still runs. In tests this
 * tree's is bundled first, for it starts in a third of the time (build-service.ts).
 */
export async function startProcess(
  role: 'api' | 'worker' | 'all',
  env: Readonly<Record<string, string>>,
  root: string = ourRoot,
): Promise<ServiceProcess> {
  const isTest = process.env['VITEST'] !== undefined
  const main = isTest && root === ourRoot ? await builtService() : 'src/main.ts'
  const child = spawn(process.execPath, role === 'all' ? [main] : [main, role], {
    cwd: root,
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: 'memory',
      DEFAULT_MODEL: 'demo/delayMs=0',
      SHUTDOWN_GRACE_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const endWithTest = () => void child.kill('SIGKILL')
  process.on('exit', endWithTest)
  opened(child, (it) => end(it))
  const log: string[] = []
  const started = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line)
    if (line.includes(role === 'worker' ? '"worker started"' : '"listening"')) started.resolve(line)
  })
  child.once('exit', (code) => {
    process.off('exit', endWithTest)
    started.reject(new Error(`The process ended with ${code} before it was up.`))
  })
  const line = await started.promise
  const url: string = JSON.parse(line).url ?? ''
  return {
    child,
    pid: child.pid ?? 0,
    url,
    wsUrl: `${url.replace('http', 'ws')}/graphql`,
    log,
    async kill(signal) {
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') return end(child, signal)
      child.kill(signal)
      return null
    },
  }
}

/** Resolves with the exit code once the process has ended, which it may have before. */
async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  const isOver = child.exitCode !== null || child.signalCode !== null
  const ended = isOver ? Promise.resolve([child.exitCode]) : once(child, 'exit')
  child.kill(signal)
  const [code] = await ended
  return code
}
