import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { opened } from '../lifetime/opened.ts'

/** Starts the service as users do, where it ends by itself: what it says and its exit code. */
export async function runToEnd(role: 'api' | 'worker' | 'all', env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['src/main.ts', ...(role === 'all' ? [] : [role])], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    env: { ...process.env, PORT: '0', DATA_DIR: 'memory', DEFAULT_MODEL: 'demo/delayMs=0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  opened(child, (it) => void it.kill('SIGKILL'))
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code: code as number | null, stderr }
}
