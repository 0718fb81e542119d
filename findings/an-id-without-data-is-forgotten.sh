#!/usr/bin/env bash
# 2026-11-30 · eventsource 4.1.1 (on eventsource-parser 3.1.1), undici 7.30.2 (its EventSource), Node 24.21.0
# One would swear: an event that has an `id` and no data moves the place from which an EventSource goes on, although nobody is told of it.
#   The standard sets the last event id before it looks for data, so that servers can send checkpoints; browsers and undici do.
# It is: the package `eventsource` takes ids from events with data alone. After a cut it asks from the last of those, or with no
#   Last-Event-ID at all, and gets again what the checkpoint was behind.
# Seen: undici: last-event-id at the reconnection: 2 / eventsource: last-event-id at the reconnection: 1
# Here: src/api/chatbotkit/stream/frames.ts gives an id only to events with data, and events between two positions none.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund eventsource@4.1.1 eventsource-parser@3.1.1 undici@7.30.2 node@24.21.0
cat >show.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { EventSource as FromEventsource } from 'eventsource'
import { EventSource as FromUndici } from 'undici'

for (const [name, Source] of [['undici', FromUndici], ['eventsource', FromEventsource]]) {
  const asked = []
  const second = Promise.withResolvers()
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] ?? 'none')
    if (asked.length === 2) second.resolve()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end('retry: 50\n\nid: 1\ndata: hello\n\nid: 2\n\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const source = new Source(`http://127.0.0.1:${server.address().port}/`)
  await second.promise
  source.close()
  console.log(`${name}: last-event-id at the reconnection: ${asked[1]}`)
  server.closeAllConnections()
  server.close()
}
process.exit()
JS
seen=$(node_modules/.bin/node --disable-warning=UNDICI-ES show.mjs)
echo "$seen"
[ "$seen" = 'undici: last-event-id at the reconnection: 2
eventsource: last-event-id at the reconnection: 1' ] || { echo 'It has changed.'; exit 1; }
