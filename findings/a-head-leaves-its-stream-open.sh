#!/usr/bin/env bash
# 2026-11-30 · hono 4.13.19, @hono/node-server 2.1.9, Node 24.21.0
# One would swear: a route for GET also answers HEAD, and the stream that nobody will read is cancelled: when the answer is sent, or at
#   the latest when the client is gone. `onAbort` of `streamSSE` is called, as with a GET that is left.
# It is: Hono runs the GET handler and puts its status and headers into a new Response without a body. The stream in the first one is
#   neither read nor cancelled, and nobody is told that the client has left: what feeds it goes on until the process ends.
# Seen: GET, ReadableStream: cancelled / HEAD, ReadableStream: goes on / GET, streamSSE: onAbort / HEAD, streamSSE: goes on
# Here: src/api/chatbotkit/api.ts cancels the body behind every HEAD; test/specification/chatbotkit/rest-accounts.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund hono@4.13.19 @hono/node-server@2.1.9 node@24.21.0
cat >show.mjs <<'JS'
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

let seen = ''
const app = new Hono()
app.get('/ReadableStream', () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: hello\n\n')),
    cancel: () => void (seen = 'cancelled'),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
})
app.get('/streamSSE', (context) =>
  streamSSE(context, async (stream) => {
    stream.onAbort(() => void (seen = 'onAbort'))
    await stream.writeSSE({ data: 'hello' })
    await new Promise(() => {})
  }),
)
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
for (const path of ['ReadableStream', 'streamSSE']) {
  for (const method of ['GET', 'HEAD']) {
    seen = 'goes on'
    const asking = request({ host: '127.0.0.1', port: server.address().port, path: `/${path}`, method, agent: false }).end()
    const [answer] = await once(asking, 'response')
    if (method === 'GET') await once(answer, 'data')
    answer.destroy()
    await sleep(1000)
    console.log(`${method}, ${path}: ${seen}`)
  }
}
process.exit()
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'GET, ReadableStream: cancelled
HEAD, ReadableStream: goes on
GET, streamSSE: onAbort
HEAD, streamSSE: goes on' ] || { echo 'It has changed.'; exit 1; }
