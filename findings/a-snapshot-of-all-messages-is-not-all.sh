#!/usr/bin/env bash
# 2026-12-01 · @ag-ui/client 1.0.0, Node 24.21.0
# One would swear: after MESSAGES_SNAPSHOT, "the complete set of messages … in order", an agent's messages are those of the snapshot, in
#   its order.
# It is: a message that the agent holds stays where it stands, whatever the order of the snapshot; and a reasoning message that the snapshot lacks
#   stays, too, unless the snapshot has some other reasoning message. So half a thought that was taken back cannot be taken away by one
#   snapshot, and a client that said something before it learned what others had said shows the question above them for good.
# Seen: held a u, snapshot u a: a u · held u t, snapshot u: u t · the same with another thought: u t2
# Here: src/api/ag-ui/stream/snapshot.ts sends two or three where one does not do; test/api/ag-ui/stock-habits.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null && npm install --silent @ag-ui/client@1.0.0 node@24.21.0
seen=$(./node_modules/node/bin/node --input-type=module -e "
import { HttpAgent } from '@ag-ui/client'
const u = { id: 'u', role: 'user', content: 'Hi' }
const a = { id: 'a', role: 'assistant', content: 'Hello' }
const t = { id: 't', role: 'reasoning', content: 'Hm' }
const ids = (messages) => messages.map(({ id }) => id).join(' ')
async function after(held, snapshot) {
  const ids = { threadId: 'thread', runId: 'run' }
  const events = [{ type: 'RUN_STARTED', ...ids }, { type: 'MESSAGES_SNAPSHOT', messages: snapshot }, { type: 'RUN_FINISHED', ...ids }]
  const body = events.map((event) => 'data: ' + JSON.stringify(event) + '\n\n').join('')
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const agent = new HttpAgent({ url: 'http://localhost', threadId: 'thread', initialMessages: held, fetch })
  await agent.runAgent({ runId: 'run' })
  return agent.messages
}
console.log([
  'held a u, snapshot u a: ' + ids(await after([a, u], [u, a])),
  'held u t, snapshot u: ' + ids(await after([u, t], [u])),
  'the same with another thought: ' + ids(await after([u, t], [u, { ...t, id: 't2' }])),
].join(' · '))
")
echo "$seen"
[ "$seen" = 'held a u, snapshot u a: a u · held u t, snapshot u: u t · the same with another thought: u t2' ] || { echo "It has changed."; exit 1; }
