import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Does what deploy/image/Dockerfile does in a clean root, from Debian's packages, and tries the result as a container would run
 * it: process 1 of its own namespace, another user, a read-only root. For Linux on Debian, as root; no container runtime is needed.
 */
const root = join(import.meta.dirname, '../..')
const place = mkdtempSync(join(tmpdir(), 'image-'))
const rootfs = join(place, 'rootfs')
const say = (line: string) => process.stdout.write(`${line}\n`)
const sh = (program: string, ...args: readonly string[]) =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const mostMb = 200

function check(what: string, isRight: boolean): void {
  if (!isRight) throw new Error(`Not right: ${what}`)
  say(`ok  ${what}`)
}

/** The values of an instruction of the Dockerfile's last stage. */
const dockerfile =
  readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8')
    .split(/^FROM /m)
    .at(-1) ?? ''
const instruction = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(dockerfile)?.[1] ?? ''
const environment = instruction('ENV').split(' ')
const [user = '', group = ''] = instruction('USER').split(':')
const volume = instruction('VOLUME')
const entry = [...(JSON.parse(instruction('ENTRYPOINT')) as string[]), ...(JSON.parse(instruction('CMD')) as string[])]

/** Process 1 of its own namespaces, in a root that is mounted read-only, with /tmp and the volume in memory. */
function start(...variables: readonly string[]) {
  const inside = [
    `mount --bind ${rootfs} ${rootfs}`,
    `mount -t proc proc ${rootfs}/proc`,
    `mount -t tmpfs tmpfs ${rootfs}/tmp`,
    `mkdir -p ${rootfs}${volume}`,
    `mount -t tmpfs -o uid=${user},gid=${group},mode=700 tmpfs ${rootfs}${volume}`,
    `mount -o remount,ro,bind ${rootfs}`,
    `exec chroot --userspec=${user}:${group} ${rootfs} ${entry.map((word) => `'${word}'`).join(' ')}`,
  ].join(' && ')
  const env = Object.fromEntries([...environment, ...variables].map((each) => each.split(/=(.*)/s).slice(0, 2)))
  const args = ['--pid', '--fork', '--mount', '--kill-child', 'sh', '-c', inside]
  return spawn('unshare', args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
}

try {
  sh(process.execPath, 'deploy/package/build.ts')
  sh('deploy/image/assemble.sh', join(place, 'app'))
  sh('test/image/clean-root.sh', rootfs, process.execPath, join(place, 'app'))
  const mb = Number(sh('du', '-sm', '--apparent-size', rootfs).split('\t')[0])
  check(`${mb} MB, of ${mostMb}`, mb <= mostMb)
  check(
    'no npm, no shell',
    sh('find', rootfs, '-name', 'npm*', '-o', '-name', 'sh', '-o', '-name', 'bash').trim() === '',
  )
  check(
    'no development package',
    sh('find', `${rootfs}/app`, '-name', 'vitest', '-o', '-name', 'typescript').trim() === '',
  )
  check('nothing that others may write', sh('find', `${rootfs}/app`, '-perm', '/022', '!', '-type', 'l').trim() === '')
  check('nothing is owned by the user of the server', sh('find', rootfs, '-uid', user).trim() === '')

  const ports = { api: 20_000 + (process.pid % 20_000), inner: 40_001 + (process.pid % 20_000) }
  const startedAt = performance.now()
  const server = start(
    `PORT=${ports.api}`,
    `METRICS_PORT=${ports.inner}`,
    'API_KEYS=acme:a-secret-that-is-long-enough',
    'HOME=/tmp',
  )
  const lines: string[] = []
  const listening = Promise.withResolvers<void>()
  createInterface({ input: server.stdout }).on('line', (line) => {
    lines.push(line)
    if (line.includes('"listening"')) listening.resolve()
  })
  const over = once(server, 'close')
  over.then(() => listening.reject(new Error(`It ended before it listened:\n${lines.join('\n')}`)))
  await listening.promise
  say(`up after ${Math.round(performance.now() - startedAt)} ms`)
  const { pid } = JSON.parse(lines[0] ?? '{}')
  check('it is process 1', pid === 1)
  check('/live', (await fetch(`http://127.0.0.1:${ports.inner}/live`)).ok)
  check('/ready', (await fetch(`http://127.0.0.1:${ports.inner}/ready`)).ok)
  const headers = { authorization: 'Bearer a-secret-that-is-long-enough', 'content-type': 'application/json' }
  const query =
    'mutation { dispatchConversation(input: { model: "demo/delayMs=20/words=40", messages: [{ type: USER, text: "Hello!" }] }) { channelId } }'
  const answer = await fetch(`http://127.0.0.1:${ports.api}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  })
  check('it takes a dispatch', ((await answer.json()) as { data?: object }).data !== undefined)
  const main = sh('pgrep', '-P', String(server.pid)).trim()
  const status = readFileSync(`/proc/${main}/status`, 'utf8')
  check('it runs as the user of the Dockerfile', new RegExp(`^Uid:\\t${user}\\t`, 'm').test(status))
  const signal = instruction('STOPSIGNAL')
  process.kill(Number(main), signal as NodeJS.Signals)
  const [code] = await over
  check(`${signal} ends it with 0`, code === 0)
  check('the run in hand was finished', lines.join('\n').includes('"outcome":"completed"'))
} finally {
  rmSync(place, { recursive: true, force: true })
}
