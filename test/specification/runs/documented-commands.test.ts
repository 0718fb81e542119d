import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { root } from '../../house/imports.ts'
import { commands } from '../../house/pages.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'

/**
 * Begins a command as a terminal would, and ends it, and all it has begun, once it says so. With `sigterm: 'one'` only the
 * process of the command itself gets the signal, as from a service manager.
 */
async function untilItSays(
  command: string,
  words: RegExp,
  { meanwhile = async () => {}, sigterm = 'all' }: { meanwhile?: () => Promise<void>; sigterm?: 'all' | 'one' } = {},
): Promise<unknown> {
  const env = { ...process.env, PORT: '0', DEFAULT_MODEL: 'demo/delayMs=0' }
  const child = spawn('bash', ['-c', command], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const { pid = 0 } = child
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  opened(child, () => isOver() || process.kill(-pid, 'SIGKILL'))
  const said = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => words.test(line) && said.resolve(line))
  child.once('exit', (code) => said.reject(new Error(`It ended with ${code} before it said ${words}.`)))
  await said.promise
  await meanwhile()
  const ended = once(child, 'exit')
  process.kill(sigterm === 'one' ? pid : -pid, 'SIGTERM')
  const [code] = await ended
  return code
}

describe('the commands that start processes', () => {
  test('npm start, as in the README', async () => {
    const [command = ''] = commands('README.md').filter((one) => one.endsWith('npm start') && one.startsWith('npm'))
    await untilItSays(command.replace('npm install && ', ''), /Backchannel is up\. Embedded engine/)
  })

  test('one process and separate processes on Redis, as in the page about deploying', async () => {
    const redis = await startRedis()
    const onRedis = [...commands('README.md'), ...commands('docs/operations/deploying.md')].filter((one) =>
      one.startsWith('REDIS_URL='),
    )
    expect(onRedis).toHaveLength(4)
    for (const command of onRedis) {
      const here = command.replace('redis://127.0.0.1:6379', redis.url).replace('PORT=4001', 'PORT=0')
      const words = command.endsWith('worker') ? /"worker started"/ : /Backchannel is up\. Runs are kept in Redis/
      // npm does not pass the signal on; a worker says that it has started a moment before it listens for signals.
      if (/npm |worker$/.test(command)) await untilItSays(here, words)
      else expect(await untilItSays(here, words, { sigterm: 'one' }), command).toBe(0)
    }
  })

  test('keys and a token secret, as in the guide to access, except the address', async () => {
    const [command = ''] = commands('docs/guides/access.md')
    const keys = ['ACME_KEY', 'NEXT_ACME_KEY', 'GLOBEX_KEY'].map((name) => `${name}=${name}-of-16-letters`)
    const here = `${keys.join('; ')}; ${command.replace('HOST=0.0.0.0', 'HOST=127.0.0.1')}`
    await untilItSays(here, /YOUR_KEY/)
  })

  test('metrics, as in the page about telemetry, except the port', async () => {
    const [start = '', scrape = ''] = commands('docs/operations/telemetry.md')
    const port = String(20_000 + (process.pid % 20_000))
    const meanwhile = async () => {
      const { stdout } = await promisify(execFile)('bash', ['-c', scrape.replace('9464', port)])
      expect(stdout).toContain('backchannel_dispatches_total')
    }
    await untilItSays(start.replace('9464', port), /Backchannel is up/, { meanwhile })
  })
})
