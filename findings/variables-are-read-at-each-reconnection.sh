#!/usr/bin/env bash
# 2026-11-30 · graphql-ws 6.4.2, graphql-sse 2.6.1 (their clients), ws 8.23.0, Node 24.21.0
# One would swear: `subscribe` takes its request as it is at the call. A client that reconnects by itself sends that request again, so a
#   subscription that has a cursor starts again from its first one.
# It is: both clients keep the caller's object and write it as JSON for each connection. A getter is asked anew, and whoever changes the
#   object later changes what is sent: `variables: { get after() { return cursor } }` goes on after the last event, exactly.
# Seen: graphql-ws: plain 0 0 0, getter 0 1 2 / graphql-sse: plain 0 0 0, getter 0 1 2
# Here: docs/clients/stock.md; test/client/stock-habits.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund graphql-ws@6.4.2 graphql-sse@2.6.1 graphql@16.15.0 ws@8.23.0 node@24.21.0
cat >show.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { WebSocket, WebSocketServer } from 'ws'

// Each connection gets one result, and is cut.
let asked
const server = createServer(async (request, response) => {
  asked(JSON.parse(await text(request)).variables.after)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('event: next\ndata: {"data":{"a":1}}\n\n', () => setTimeout(() => response.destroy(), 50))
})
new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' }).on('connection', (socket) => {
  socket.on('message', (message) => {
    const { type, id, payload } = JSON.parse(message)
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
    if (type !== 'subscribe') return
    asked(payload.variables.after)
    socket.send(JSON.stringify({ id, type: 'next', payload: { data: { a: 1 } } }), () => setTimeout(() => socket.terminate(), 50))
  })
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const at = `127.0.0.1:${server.address().port}`
const options = { retryAttempts: 5, shouldRetry: () => true, webSocketImpl: WebSocket }
const wait = async () => {}
const clients = {
  'graphql-ws': () => createWs({ ...options, url: `ws://${at}`, retryWait: wait }),
  'graphql-sse': () => createSse({ ...options, url: `http://${at}`, retry: wait }),
}
for (const [name, create] of Object.entries(clients)) {
  const told = []
  for (const kind of ['plain', 'getter']) {
    let cursor = 0
    const variables = kind === 'plain' ? { after: cursor } : { get after() { return cursor } }
    const sent = []
    const client = create()
    await new Promise((resolve) => {
      asked = (after) => sent.push(after) === 3 && resolve()
      client.subscribe({ query: 'subscription { a }', variables }, { next: () => void (cursor += 1), error() {}, complete() {} })
    })
    client.dispose()
    told.push(`${kind} ${sent.slice(0, 3).join(' ')}`)
  }
  console.log(`${name}: ${told.join(', ')}`)
}
process.exit()
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'graphql-ws: plain 0 0 0, getter 0 1 2
graphql-sse: plain 0 0 0, getter 0 1 2' ] || { echo 'It has changed.'; exit 1; }
