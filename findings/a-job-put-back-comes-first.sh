#!/usr/bin/env bash
# 2026-11-30 · bullmq 6.7.0, ioredis 6.0.0, redis-server 7.0.15 (Debian), Node 24.21.0
# One would swear: `job.moveToWait` puts a job back to where new jobs wait, behind those that are there, and a job that stalled comes back
#   with the priority that it was added with.
# It is: both put it before all others. A worker that puts a job back gets the same one with its next look, again and again, and the others
#   wait for as long as it does so; and a stalled job is in the plain list, which comes before every priority, whatever its own is.
# Seen: put back four times: a a a a a b c / stalled with priority 10: low plain high
# Here: src/engines/redis/schedule/bullmq-queue.ts stops fetching before it hands jobs back, so that they go to other workers and not to
#   the one that closes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts bullmq@6.7.0 ioredis@6.0.0
npm install --silent --no-audit --no-fund node@24.21.0
cat >show.mjs <<'JS'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, WaitingError, Worker } from 'bullmq'
import { Redis } from 'ioredis'

const path = `${process.cwd()}/redis.sock`
const server = spawn('redis-server', ['--port', '0', '--unixsocket', path, '--save', ''], { stdio: 'ignore' })
const connection = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 50 }).on('error', () => {})
await connection.ping()

const names = []
const plain = new Queue('plain', { connection })
for (const name of ['a', 'b', 'c']) await plain.add(name, {})
const isEmpty = Promise.withResolvers()
const work = async (job, token) => {
  names.push(job.name)
  if (names.length < 5) {
    await job.moveToWait(token)
    throw new WaitingError()
  }
  if (job.name === 'c') isEmpty.resolve()
}
const worker = new Worker('plain', work, { connection })
await isEmpty.promise
await worker.close()
console.log(`put back four times: ${names.join(' ')}`)

const stalling = new Queue('stalling', { connection })
await stalling.add('low', {}, { priority: 10 })
const options = { connection, lockDuration: 200, stalledInterval: 300, skipLockRenewal: true, autorun: false }
const hands = new Worker('stalling', null, options)
await hands.getNextJob('lost')
await stalling.add('plain', {})
await stalling.add('high', {}, { priority: 1 })
await hands.startStalledCheckTimer()
while ((await stalling.getActiveCount()) > 0) await sleep(50)
const order = []
for (let job = await hands.getNextJob('next'); job !== undefined; job = await hands.getNextJob('next')) {
  order.push(job.name)
  await job.moveToCompleted('', 'next', false)
}
console.log(`stalled with priority 10: ${order.join(' ')}`)
server.kill()
process.exit()
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'put back four times: a a a a a b c
stalled with priority 10: low plain high' ] || { echo 'It has changed.'; exit 1; }
