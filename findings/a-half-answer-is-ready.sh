#!/usr/bin/env bash
# 2026-12-01 · ai 7.0.173, @ai-sdk/react 4.0.177, Node 24.21.0
# One would swear: an answer of the UI message stream that ends without its `finish` chunk, or its `[DONE]`, is an error of the
# client; and a resume that is answered with 204 (nothing goes on) leaves an error as it was.
# It is: the half answer is `ready`, without an error; onFinish tells neither isError nor isDisconnect, and no finishReason. After a
# connection that broke, 204 clears the error, declares the half answer `ready`, and onFinish is not called again.
# Seen: clean end: ready undefined {"isError":false,"isDisconnect":false} Half
#       broken, then 204: error network error / ready undefined, onFinish 1
# Here: src/api/facade/frame-response.ts breaks what cannot go on; src/api/ai-sdk/chat.ts replays what has ended; docs/guides/ai-sdk.md.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ai@7.0.173 @ai-sdk/react@4.0.177 react@19.3.1 node@24.21.0
cat >try.mjs <<'JS'
import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'

const half = '{"type":"start","messageId":"a"}|{"type":"start-step"}|{"type":"text-start","id":"t"}|{"type":"text-delta","id":"t","delta":"Half"}'
const stream = (isBroken) => {
  const chunks = half.split('|').map((chunk) => `data: ${chunk}\n\n`)
  const body = new ReadableStream({
    pull(controller) {
      const next = chunks.shift()
      if (next !== undefined) controller.enqueue(new TextEncoder().encode(next))
      else if (isBroken) controller.error(new TypeError('network error'))
      else controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' } })
}
const ends = []
const chatOf = (isBroken) =>
  new Chat({
    transport: new DefaultChatTransport({
      api: 'http://127.0.0.1/',
      fetch: async (_url, { method }) => (method === 'POST' ? stream(isBroken) : new Response(null, { status: 204 })),
    }),
    onFinish: ({ isError, isDisconnect, finishReason }) => ends.push({ isError, isDisconnect, finishReason }),
  })
const textOf = (chat) => chat.messages.at(-1).parts.map(({ text = '' }) => text).join('')

const clean = chatOf(false)
await clean.sendMessage({ text: 'Hello' })
console.log(`clean end: ${clean.status} ${clean.error} ${JSON.stringify(ends.pop())} ${textOf(clean)}`)
const broken = chatOf(true)
await broken.sendMessage({ text: 'Hello' })
const before = `${broken.status} ${broken.error?.message}`
await broken.resumeStream()
console.log(`broken, then 204: ${before} / ${broken.status} ${broken.error}, onFinish ${ends.length}`)
JS
seen=$(node_modules/.bin/node try.mjs)
echo "$seen"
expected='clean end: ready undefined {"isError":false,"isDisconnect":false} Half
broken, then 204: error network error / ready undefined, onFinish 1'
[ "$seen" = "$expected" ] || { echo 'It has changed.'; exit 1; }
