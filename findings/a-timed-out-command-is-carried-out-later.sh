#!/usr/bin/env bash
# 2026-11-30 · ioredis 6.0.0, redis-server 7.0.15 (Debian), Node 24.21.0
# One would swear: a command that failed with "Command timed out" is given up. It may have reached Redis, but it is not sent any more;
#   `enableOfflineQueue: false` rules that out twice.
# It is: the time-out rejects the promise and leaves the command in its queue. When the connection comes back, the command is sent again,
#   from the offline queue and, where that is off, from the commands that owe a reply, and is carried out after its failure was told.
#   Only `maxRetriesPerRequest: 0` and `autoResendUnfulfilledCommands: false` prevent it.
# Seen: never sent, offline queue: Command timed out, then 1
#   sent without a reply, no offline queue, one retry: Command timed out, then 1
#   sent without a reply, no offline queue, no retry: Command timed out, then null
# Here: src/engines/redis/failed-commands.ts; test/engines/redis/failed-commands.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ioredis@6.0.0 node@24.21.0
cat >show.mjs <<'JS'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

const unix = `${process.cwd()}/redis.sock`
const server = spawn('redis-server', ['--port', '0', '--unixsocket', unix, '--save', ''], { stdio: 'ignore' })
const own = new Redis({ path: unix, retryStrategy: () => 50 }).on('error', () => {})
await own.ping()

/** A line to Redis that can swallow what is sent. */
let isHeld = false
const sockets = new Set()
const line = createServer((socket) => {
  sockets.add(socket.on('error', () => {}))
  const redis = connect(unix).on('error', () => {})
  socket.on('data', (data) => isHeld || redis.write(data)).on('close', () => redis.destroy())
  redis.pipe(socket)
})
await once(line.listen(0, '127.0.0.1'), 'listening')
const { port } = line.address()
await new Promise((resolve) => line.close(resolve))

async function show(name, options, isUpFirst) {
  const open = () => once(line.listen(port, '127.0.0.1'), 'listening')
  if (isUpFirst) await open()
  const redis = new Redis({ port, host: '127.0.0.1', commandTimeout: 200, retryStrategy: () => 50, ...options })
  redis.on('error', () => {})
  if (isUpFirst) await once(redis, 'ready')
  isHeld = true
  const said = await redis.incr('count').catch((error) => error.message)
  isHeld = false
  if (isUpFirst) for (const socket of sockets) socket.destroy()
  else await open()
  await sleep(1000)
  console.log(`${name}: ${said}, then ${await own.get('count')}`)
  redis.disconnect()
  await own.del('count')
  await new Promise((resolve) => line.close(resolve))
}
await show('never sent, offline queue', {}, false)
const impatient = { enableOfflineQueue: false }
await show('sent without a reply, no offline queue, one retry', { ...impatient, maxRetriesPerRequest: 1 }, true)
await show('sent without a reply, no offline queue, no retry', { ...impatient, maxRetriesPerRequest: 0 }, true)
own.disconnect()
server.kill()
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'never sent, offline queue: Command timed out, then 1
sent without a reply, no offline queue, one retry: Command timed out, then 1
sent without a reply, no offline queue, no retry: Command timed out, then null' ] || { echo 'It has changed.'; exit 1; }
