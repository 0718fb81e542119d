import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtService } from '../support/service/built-service.ts'
import type { Address, Fleet, FleetOptions } from './fleet.ts'
import type { Misfortune } from './misfortunes.ts'
import { runsInFile } from './stored-runs.ts'

interface Life {
  readonly child: ChildProcess
  /** Fulfilled once it takes requests; rejected if it ends before. */
  readonly up: Promise<Address>
  readonly said: Promise<string>
  /** How long it took to be up. */
  startMs(): number
}

/** One process of the embedded engine on a folder, which dies again and again, often before it is up, and is started again. */
export async function startEmbeddedFleet({ random, env, plan, root }: FleetOptions): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-killed-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  // Also where this process ends at the first thing that is wrong.
  process.on('exit', remove)
  const main = root === undefined ? await builtService() : 'src/main.ts'
  const counts: Partial<Record<Misfortune, number>> = {}
  const count = (what: Misfortune) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const live = () => {
    const own = { PORT: '0', DATA_DIR: folder, SHUTDOWN_GRACE_MS: '0', DEFAULT_MODEL: 'demo/delayMs=0' }
    return startLife(main, { ...process.env, ...own, LEASE_MS: `${plan.leaseMs}`, ...env }, root)
  }
  let life = live()
  const apis = [await life.up]

  const misfortunes: Partial<Record<Misfortune, () => Promise<void>>> = {
    async 'kill everything'() {
      // On a busy machine all takes longer, and lives in which nothing can happen show nothing.
      await sleep(random.int(2 * life.startMs()))
      const startMs = life.startMs()
      await end(life, 'SIGKILL')
      life = live()
      while (random.chance(0.5)) {
        // Also while it opens the database, and goes on with what it finds.
        await Promise.race([sleep(random.int(1.2 * startMs)), life.up.catch(() => {})])
        await end(life, 'SIGKILL')
        count('kill everything')
        life = live()
      }
      apis[0] = await life.up
    },
    async 'retire everything'() {
      const code = await end(life, 'SIGTERM')
      if (code !== 0) throw new Error(`After SIGTERM the process ended with ${code}.`)
      life = live()
      apis[0] = await life.up
    },
    async 'start a second process'() {
      const second = live()
      const came = await second.up.then(
        () => true,
        () => false,
      )
      await end(second, 'SIGKILL')
      const said = await second.said
      if (came) throw new Error('A second process was let into the folder.')
      if (!/^DATA_DIR \S+: another process uses this folder[^\n]+\n$/.test(said)) {
        throw new Error(`A second process said: ${said}`)
      }
    },
  }
  return {
    apis,
    stored: runsInFile(join(folder, 'backchannel.db')),
    // There is no other process to turn to.
    retryMs: 200,
    counts,
    losses: [],
    lost: { replies: 0, publications: 0 },
    async strike(at) {
      const misfortune = random.pick<Misfortune>(plan[at].misfortunes)
      count(misfortune)
      await misfortunes[misfortune]?.()
    },
    async close() {
      await end(life, 'SIGKILL')
      process.off('exit', remove)
      remove()
    },
  }
}

function startLife(main: string, env: NodeJS.ProcessEnv, cwd: string | undefined): Life {
  const child = spawn(process.execPath, [main], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const endWithUs = () => void child.kill('SIGKILL')
  process.on('exit', endWithUs)
  const begunAt = performance.now()
  let startMs = 0
  const up = new Promise<Address>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('"listening"')) return
      const { url } = JSON.parse(line) as { url: string }
      startMs = Math.round(performance.now() - begunAt)
      resolve({ url, wsUrl: `${url.replace('http', 'ws')}/graphql` })
    })
    child.once('exit', (code) => {
      process.off('exit', endWithUs)
      reject(new Error(`The process ended with ${code} before it was up.`))
    })
  })
  up.catch(() => {}) // It may be killed before.
  return { child, up, said: text(child.stderr), startMs: () => startMs }
}

/** The exit code; null: by the signal. */
async function end({ child }: Life, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
  return child.exitCode
}
