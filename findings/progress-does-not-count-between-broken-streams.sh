#!/usr/bin/env bash
# 2026-12-01 · @ai-sdk/workflow 2.0.43, @workflow/ai 5.0.0, ai 7.0.173, Node 24.21.0
# One would swear: a transport that reconnects after `maxConsecutiveErrors` (3) counts tries that bring nothing; and as the transport of
# a useChat with `resume: true`, it takes 204 for "nothing goes on", as the AI SDK's own transport does.
# It is: three broken streams in a row are too many, however much each has brought; only a stream that ends cleanly resets the count.
# 204 is an error ("Failed to fetch chat: 204"), so a page with an empty chat begins with one.
# Seen, of both packages: 3 breaks: gave up, with 4 of 10 words; 204: Failed to fetch chat: 204
# Here: src/api/ai-sdk/stream.ts answers who counts chunks with a `finish` where nothing was said; docs/guides/ai-sdk.md says when to resume.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-audit --no-fund --legacy-peer-deps \
  @ai-sdk/workflow@2.0.43 @workflow/ai@5.0.0 ai@7.0.173 zod@4.6.7 node@24.21.0
cat >try.mjs <<'JS'
console.error = () => {}
const entries = ['@ai-sdk/workflow/dist/client.js', '@workflow/ai/dist/workflow-chat-transport.js']
const chunks = [
  { type: 'start', messageId: 'a' },
  { type: 'text-start', id: 't' },
  ...Array.from({ length: 10 }, (_, n) => ({ type: 'text-delta', id: 't', delta: `word${n} ` })),
  { type: 'text-end', id: 't' },
  { type: 'finish' },
]
/** Of the first stream the beginning and a word, of each further one a word more; then the network breaks. */
const stream = (from, count) => {
  const frames = chunks.slice(from, from + count).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  const body = new ReadableStream({
    pull(controller) {
      const next = frames.shift()
      if (next !== undefined) controller.enqueue(new TextEncoder().encode(next))
      else controller.error(new TypeError('network error'))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-workflow-run-id': 'r' } })
}
for (const entry of entries) {
  const { WorkflowChatTransport } = await import(`./node_modules/${entry}`)
  const transport = new WorkflowChatTransport({
    api: 'http://127.0.0.1/chat',
    fetch: async (url, init) =>
      init.method === 'POST' ? stream(0, 3) : stream(Number(new URL(url).searchParams.get('startIndex')), 1),
  })
  let words = 0
  let end = 'whole'
  try {
    for await (const { type } of await transport.sendMessages({ chatId: 'c', messages: [], trigger: 'submit-message' }))
      if (type === 'text-delta') words += 1
  } catch {
    end = 'gave up'
  }
  const empty = new WorkflowChatTransport({ api: 'http://127.0.0.1/chat', fetch: async () => new Response(null, { status: 204 }) })
  let said = 'nothing'
  try {
    for await (const _chunk of await empty.reconnectToStream({ chatId: 'c' }));
  } catch ({ message }) {
    said = message.trim()
  }
  console.log(`3 breaks: ${end}, with ${words} of 10 words; 204: ${said}`)
}
JS
seen=$(node_modules/.bin/node try.mjs)
echo "$seen"
line='3 breaks: gave up, with 4 of 10 words; 204: Failed to fetch chat: 204'
[ "$seen" = "$line
$line" ] || { echo 'It has changed.'; exit 1; }
