import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inject } from 'vitest'
import { dyingWithParent } from '../dying-with-parent.ts'
import { opened } from '../lifetime/opened.ts'
import { freePort } from '../redis/redis-server.ts'

export interface Nginx {
  readonly url: string
  /** Of `/graphql`. */
  readonly wsUrl: string
  close(): Promise<void>
}

/**
 * An nginx on 127.0.0.1 with a configuration for its `http` block, which listens on 80: that becomes a free port. All the rest is
 * nginx's own default, but for where it keeps its files.
 */
export async function startNginx(configuration: string): Promise<Nginx> {
  const [dir, port] = [await mkdtemp(join(tmpdir(), 'backchannel-nginx-')), await freePort()]
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`)
  const http = [...places, 'access_log off;', replacedOnce(configuration, 'listen 80;', `listen 127.0.0.1:${port};`)]
  const main = `pid ${dir}/pid; daemon off; master_process off; events {} http { ${http.join('\n')} }`
  await writeFile(join(dir, 'nginx.conf'), main)
  const [program = '', ...args] = [
    ...(await dyingWithParent()),
    inject('nginx'),
    '-p',
    dir,
    '-e',
    'stderr',
    '-c',
    'nginx.conf',
  ]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const exited = once(child, 'exit')
  const nginx = opened({
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}/graphql`,
    async close() {
      child.kill('SIGKILL')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  })
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`)
    await delay(10)
  }
  return nginx
}

/** A text that must be there exactly once, replaced. */
export function replacedOnce(text: string, what: string, by: string): string {
  const parts = text.split(what)
  if (parts.length !== 2) throw new Error(`${what} is there ${parts.length - 1} times`)
  return parts.join(by)
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const connected = once(socket, 'connect').then(
    () => true,
    () => false,
  )
  return connected.finally(() => socket.destroy())
}
