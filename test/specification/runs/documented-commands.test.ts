import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { root } from '../../house/imports.ts'
import { commands } from '../../house/pages.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'

/** Begins a command as a terminal would, and ends it, and all it has begun, once it says so. */
async function untilItSays(
  command: string,
  words: RegExp,
  meanwhile: (line: string) => Promise<void> = async () => {},
) {
  const env = { ...process.env, PORT: '0', DEFAULT_MODEL: 'demo/delayMs=0' }
  const child = spawn('bash', ['-c', command], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const { pid = 0 } = child
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  opened(child, () => isOver() || process.kill(-pid, 'SIGKILL'))
  const said = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => words.test(line) && said.resolve(line))
  child.once('exit', (code) => said.reject(new Error(`It ended with ${code} before it said ${words}.`)))
  await meanwhile(await said.promise)
  const ended = once(child, 'exit')
  process.kill(-pid, 'SIGTERM')
  await ended
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
      await untilItSays(
        here,
        command.endsWith('worker') ? /"worker started"/ : /Backchannel is up\. Runs are kept in Redis/,
      )
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
    await untilItSays(start.replace('9464', port), /Backchannel is up/, async () => {
      const { stdout } = await promisify(execFile)('bash', ['-c', scrape.replace('9464', port)])
      expect(stdout).toContain('backchannel_dispatches_total')
    })
  })
})
