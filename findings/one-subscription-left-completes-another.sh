#!/usr/bin/env bash
# 2026-11-30 · graphql-ws 6.4.2 (its client), ws 8.23.0 (the server), Node 24.21.0
# One would swear: a subscription that is left in `next`, since its last result has come, is left, and the others on the socket go on.
# It is: where that result and the server's `complete` are read in one piece, the client counts the subscription off twice. It believes
#   that nobody needs the socket, closes it, and tells the other subscriptions `complete`: whoever loops over them sees a regular end in
#   the middle, without an error. In a browser each message is a task of its own, so it happens with Node's WebSocket and with `ws`.
# Seen: {"left":"in next","lasting":["first","complete"]}
#       {"left":"in a microtask","lasting":["first","last","complete"]}
# Here: client/src/connection/socket.ts unsubscribes in a microtask; test/client/transport.test.ts forces the piece.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund graphql-ws@6.4.2 graphql@16.15.0 ws@8.23.0 node@24.21.0

cat > main.mjs <<'JS'
import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
server.on('connection', (socket, { socket: wire }) => {
  socket.on('message', (text) => {
    const { type, id, payload } = JSON.parse(text)
    const send = (...messages) => {
      wire.cork()
      for (const message of messages) socket.send(JSON.stringify({ id, ...message }))
      wire.uncork()
    }
    const next = (data) => ({ type: 'next', payload: { data } })
    if (type === 'connection_init') send({ type: 'connection_ack' })
    if (type !== 'subscribe') return
    if (payload.query === 'subscription { ending }') send(next('last'), { type: 'complete' })
    else {
      send(next('first'))
      setTimeout(() => send(next('last'), { type: 'complete' }), 500)
    }
  })
})
await once(server, 'listening')

async function watch(left, leave) {
  const client = createClient({ url: `ws://127.0.0.1:${server.address().port}`, webSocketImpl: WebSocket })
  const lasting = []
  await new Promise((resolve, reject) => {
    const over = () => resolve(lasting.push('complete'))
    client.subscribe({ query: 'subscription { lasting }' }, { next: ({ data }) => lasting.push(data), error: reject, complete: over })
    const stop = client.subscribe({ query: 'subscription { ending }' }, { next: () => leave(stop), error: reject, complete() {} })
  })
  console.log(JSON.stringify({ left, lasting }))
  client.dispose()
}
await watch('in next', (stop) => stop())
await watch('in a microtask', (stop) => queueMicrotask(stop))
server.close()
for (const socket of server.clients) socket.terminate()
JS

seen=$(./node_modules/.bin/node main.mjs)
echo "$seen"
[ "$seen" = '{"left":"in next","lasting":["first","complete"]}
{"left":"in a microtask","lasting":["first","last","complete"]}' ] || { echo "It has changed." >&2; exit 1; }
