#!/usr/bin/env bash
# 2026-11-30 · @whatwg-node/server 0.11.0, @whatwg-node/fetch 0.10.13 (graphql-yoga 5.24.1 stands on them), Node 24.21.0
# One would swear: when a client leaves in mid-answer, the adapter cancels the stream that is the body of the answer, whichever class of
#   Response carries it. With a GET it does.
# It is: after a POST whose body has been read, the stream in Node's own Response is never cancelled: what it waits for goes on for ever.
#   The stream in the package's own Response is cancelled.
# Seen: GET, Node's Response: cancelled / POST, Node's Response: goes on / GET and POST, its own Response: cancelled
# Here: src/api/graphql/transport/use-streaming.ts streams with the class that Yoga gives it; test/server/leaving.test.ts shows that a
#   subscription ends with its client.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @whatwg-node/server@0.11.0 @whatwg-node/fetch@0.10.13 node@24.21.0
cat >show.mjs <<'EOF'
import { createServer, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Response as ItsOwn } from '@whatwg-node/fetch'
import { createServerAdapter } from '@whatwg-node/server'

let isCancelled = false
function endlessStream() {
  let isBegun = false
  return new ReadableStream({
    pull(controller) {
      if (isBegun) return new Promise(() => {})
      isBegun = true
      controller.enqueue(new TextEncoder().encode('hello'))
    },
    cancel() {
      isCancelled = true
    },
  })
}
for (const [name, ResponseClass] of [["Node's Response", Response], ['its own Response', ItsOwn]]) {
  const adapter = createServerAdapter(async (asked) => {
    if (asked.method === 'POST') await asked.text()
    return new ResponseClass(endlessStream(), { headers: { 'content-type': 'text/plain' } })
  })
  const server = createServer(adapter)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const method of ['GET', 'POST']) {
    isCancelled = false
    await new Promise((resolve) => {
      const asking = request({ host: '127.0.0.1', port: server.address().port, method }, (answer) => {
        answer.once('data', () => resolve(answer.destroy()))
      })
      asking.on('error', () => {}).end(method === 'POST' ? 'Hi' : undefined)
    })
    await sleep(1000)
    console.log(`${method}, ${name}: ${isCancelled ? 'cancelled' : 'goes on'}`)
  }
  server.closeAllConnections()
  server.close()
}
process.exit()
EOF
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
expected="GET, Node's Response: cancelled
POST, Node's Response: goes on
GET, its own Response: cancelled
POST, its own Response: cancelled"
[ "$seen" = "$expected" ] || { echo "It has changed."; exit 1; }
