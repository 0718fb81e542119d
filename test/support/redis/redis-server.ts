import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { dyingWithParent } from '../dying-with-parent.ts'
import { findTools } from '../ensure-tools.ts'
import { opened } from '../lifetime/opened.ts'

export interface RedisOptions {
  /** Keep every write in a file that `restart` reads back. Default: false, so that a restart comes back empty. */
  readonly appendOnly?: boolean
  /** When that file is synced to the disk. Default: 'no', when the operating system likes. */
  readonly sync?: 'no' | 'everysec' | 'always'
  /** A node of a Redis Cluster, which alone has no slots. Default: false. */
  readonly isClusterNode?: boolean
  /** A Sentinel, which watches over servers and stores nothing. Default: false. */
  readonly isSentinel?: boolean
  /** Default: a fresh folder, removed by `stop`. One that is given is left in place. */
  readonly dir?: string
  /** Default: a free one. */
  readonly port?: number
  /** More settings of redis.conf, as arguments. */
  readonly settings?: readonly string[]
}

/** A real redis-server on 127.0.0.1. It ends with the test, and at the latest with this process, however that ends (on Linux even by SIGKILL). */
export interface RedisServer {
  readonly url: string
  readonly port: number
  readonly dir: string
  /** Of the server as it runs now; another one after `restart`. */
  readonly pid: number
  /** Ends the server at once, also one that is stopped by SIGSTOP, and removes its folder. Calling it again changes nothing. */
  stop(): Promise<void>
  /** Resolves once the server has ended, or at once for SIGSTOP and SIGCONT. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends the server if it still runs, and starts it again on the same port and folder. Resolves when it answers. */
  restart(): Promise<void>
}

/** Resolves once the server answers PING. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const binary = await redisBinary()
  const port = options.port ?? (await freePort())
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'backchannel-redis-')))
  const appendOnly = options.appendOnly === true ? 'yes' : 'no'
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir]
  const serverSettings = [
    '--save',
    '',
    '--appendonly',
    appendOnly,
    // By its default Redis answers up to two seconds before it writes while the disk is busy, and a kill would lose more than a test means.
    '--appendfsync',
    options.sync ?? 'no',
    ...(options.isClusterNode === true ? ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())] : []),
    ...(options.settings ?? []),
  ]
  const program = [...(await dyingWithParent()), binary]
  const command =
    options.isSentinel === true
      ? [...program, await sentinelFile(dir), '--sentinel', ...place]
      : [...program, ...place, ...serverSettings]

  let child = await launch(command, port)
  const endWithProcess = () => {
    child.kill('SIGKILL')
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
  process.on('exit', endWithProcess)

  return opened(
    {
      url: `redis://127.0.0.1:${port}`,
      port,
      dir,
      get pid() {
        return child.pid ?? 0
      },
      async stop() {
        const ended = untilExit(child)
        child.kill('SIGKILL')
        await ended
        if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
        process.off('exit', endWithProcess)
      },
      async kill(signal) {
        const ended = signal === 'SIGSTOP' || signal === 'SIGCONT' ? undefined : untilExit(child)
        child.kill(signal)
        await ended
      },
      async restart() {
        await end(child)
        child = await launch(command, port)
      },
    },
    ({ stop }) => stop(),
  )
}

/** A Sentinel writes what it learns into its file, so it does not start without one. */
async function sentinelFile(dir: string): Promise<string> {
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, '')
  return file
}

async function launch(command: readonly string[], port: number): Promise<ChildProcess> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keepTail = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keepTail)
  child.stderr.on('data', keepTail)
  child.on('error', (error) => keepTail(Buffer.from(error.message)))
  const giveUpAt = Date.now() + 20_000
  while (!(await answersPing(port, child.pid))) {
    const isOver = hasExited(child) || child.pid === undefined
    if (isOver || Date.now() > giveUpAt) {
      child.kill('SIGKILL')
      throw new Error(`redis-server did not start on port ${port}: ${output}`)
    }
    await delay(10)
  }
  return child
}

/** SIGCONT first, for a process that is stopped hears nothing else; SIGKILL to one that has not ended after 5 s. */
async function end(child: ChildProcess): Promise<void> {
  const ended = untilExit(child)
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(patience)
}

async function untilExit(child: ChildProcess): Promise<void> {
  if (!hasExited(child)) await once(child, 'exit')
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Whether it is our process that answers, and no other on the same port. False while it loads its file (-LOADING). */
function answersPing(port: number, pid: number | undefined): Promise<boolean> {
  const socket = new Socket()
  let reply = ''
  return new Promise<boolean>((resolve) => {
    socket.setTimeout(1000, () => resolve(false))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.on('data', (chunk) => {
      reply += chunk.toString()
      const answering = /process_id:(\d+)/.exec(reply)?.[1]
      if (answering !== undefined) resolve(reply.startsWith('+PONG') && answering === String(pid))
    })
    socket.connect(port, '127.0.0.1', () => socket.write('PING\r\nINFO server\r\n'))
  }).finally(() => socket.destroy())
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

async function redisBinary(): Promise<string> {
  if (process.env['VITEST'] !== undefined) return (await import('vitest')).inject('redisServer')
  const { redisServer } = await findTools()
  if (redisServer === undefined) throw new Error('There is no redis-server 7.0 or newer on PATH or at REDIS_SERVER_BIN')
  return redisServer
}
