import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { root } from '../../house/imports.ts'
import { commands } from '../../house/pages.ts'
import { atLength } from '../../support/at-length.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

// They start one after the other.
vi.setConfig({ testTimeout: 180_000 })

const isAtLength = atLength(0, 1) === 1

interface Ended {
  readonly code: unknown
  /** What the command and all that it has begun said, until none of them was left. */
  readonly log: string
}

/**
 * Begins a command as a terminal would, and ends it once it says so: by SIGTERM to the process of the command itself, as
 * from a service manager, or by Ctrl-C, which reaches all that it has begun.
 */
async function untilItSays(
  command: string,
  words: RegExp,
  { meanwhile = async () => {}, by = 'SIGTERM' }: { meanwhile?: () => Promise<void>; by?: 'SIGTERM' | 'Ctrl-C' } = {},
): Promise<Ended> {
  const env = { ...process.env, PORT: '0', DATA_DIR: dataFolder(), DEFAULT_MODEL: 'demo/delayMs=0' }
  const child = spawn('bash', ['-c', command], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const { pid = 0 } = child
  let isOver = false
  child.once('close', () => {
    isOver = true
  })
  opened(child, () => isOver || process.kill(-pid, 'SIGKILL'))
  const said = Promise.withResolvers<string>()
  const log: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line)
    if (words.test(line)) said.resolve(line)
  })
  child.once('exit', (code) => said.reject(new Error(`It ended with ${code} before it said ${words}.`)))
  await said.promise
  await meanwhile()
  // Each process of the command holds its standard output.
  const ended = once(child, 'close')
  if (by === 'Ctrl-C') process.kill(-pid, 'SIGINT')
  else process.kill(pid, 'SIGTERM')
  const [code] = await ended
  return { code, log: log.join('\n') }
}

/** It has drained. Nothing of it is left, so its port is free. */
const drained = expect.stringContaining('"closed"')
const whole = { code: 0, log: drained }

describe('the commands that start processes', () => {
  test('npm start, as in the README', async () => {
    const [command = ''] = commands('README.md').filter((one) => one.endsWith('npm start') && one.startsWith('npm'))
    const start = command.replace('npm install && ', '')
    expect(await untilItSays(start, /"engine":"the embedded engine","msg":"listening"/)).toEqual(whole)
  })

  test('npm start, until Ctrl-C, which npm sends a second time', async () => {
    expect((await untilItSays('npm start', /"listening"/, { by: 'Ctrl-C' })).log).toEqual(drained)
  })

  test('on a terminal: readable lines and what to try; elsewhere JSON lines only', async () => {
    const onTerminal = await untilItSays('script -qefc "node src/main.ts" /dev/null', /curl -N/)
    expect(onTerminal.log).toMatch(/^\d\d:\d\d:\d\d\.\d{3} \S+info \S+ worker started concurrency=50/m)
    expect(onTerminal.log).toContain('Backchannel is up. Everything is kept in a folder of this machine: ')
    const { log } = await untilItSays('node src/main.ts', /"listening"/)
    for (const line of log.split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        level: 'info',
        service: 'backchannel',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        instance: hostname(),
      })
    }
  })

  test('npx, whose shell ends without a word to us', async () => {
    const start = `npx -c 'node src/main.ts; echo left'`
    expect((await untilItSays(start, /"listening"/)).log).toEqual(drained)
  })

  test('one process and separate processes on Redis, as in the page about deploying', async () => {
    const redis = await startRedis()
    const onRedis = ['README.md', 'docs/operations/deploying.md', 'docs/guides/functions.md']
      .flatMap(commands)
      .filter((one) => one.startsWith('REDIS_URL='))
    expect(onRedis).toHaveLength(6)
    // npm's own commands, and one with a port of its own; at length the others too.
    const tried = onRedis.filter((command) => /npm|PORT/.test(command) || isAtLength)
    for (const command of tried) {
      const here = command.replace('redis://127.0.0.1:6379', redis.url).replace('PORT=4001', 'PORT=0')
      const words = command.endsWith('worker') ? /"worker started"/ : /"engine":"Redis","msg":"listening"/
      expect(await untilItSays(here, words), command).toEqual(whole)
    }
  })

  test('keys and a token secret, as in the guide to access, except the address', async () => {
    const [command = ''] = commands('docs/guides/access.md')
    const keys = ['ACME_KEY', 'NEXT_ACME_KEY', 'GLOBEX_KEY'].map((name) => `${name}=${name}-of-16-letters`)
    const here = `${keys.join('; ')}; ${command.replace('HOST=0.0.0.0', 'HOST=127.0.0.1')}`
    const ended = await untilItSays(here, /"listening"/)
    expect(ended).toEqual(whole)
    expect(ended.log).not.toContain('no API_KEYS')
  })

  test('metrics, as in the page about telemetry, except the port', async () => {
    const [start = '', scrape = ''] = commands('docs/operations/telemetry.md')
    const port = String(20_000 + (process.pid % 20_000))
    const meanwhile = async () => {
      const { stdout } = await promisify(execFile)('bash', ['-c', scrape.replace('9464', port)])
      expect(stdout).toContain('backchannel_dispatches_total')
    }
    expect(await untilItSays(start.replace('9464', port), /"listening"/, { meanwhile })).toEqual(whole)
  })
})
