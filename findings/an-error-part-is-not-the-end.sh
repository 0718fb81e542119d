#!/usr/bin/env bash
# 2026-11-30 · @ai-sdk/openai-compatible 3.0.92, Node 24.21.0
# One would swear: a stream in which the adapter reports an error part ends as one: its finish says `error`, wherever the part stood.
# It is: behind the error part the adapter reads on, and the finish depends on where the part stood. An event `null` in mid-answer is an
#   error part and then a finish `stop`; the same kind of event behind `finish_reason` (usage without `choices`, as DeepInfra and Fireworks
#   send it) makes the finish of the same whole answer `error`.
# Seen: before the reason: error, finish stop / behind the reason: error, finish error
# Here: src/models/wire/hearing.ts gives adapters regular events only; src/models/ai-sdk/model.ts reads on behind an error part.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @ai-sdk/openai-compatible@3.0.92
cat >show.mjs <<'EOF'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

const chunk = (delta, reason = null) => JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })
const usage = JSON.stringify({ usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } })
const streams = {
  'before the reason': [chunk({ content: 'Par' }), 'null', chunk({ content: 'is.' }), chunk({}, 'stop'), '[DONE]'],
  'behind the reason': [chunk({ content: 'Paris.' }), chunk({}, 'stop'), usage, '[DONE]'],
}
for (const [place, events] of Object.entries(streams)) {
  const body = events.map((event) => `data: ${event}\n\n`).join('')
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const model = createOpenAICompatible({ name: 'any', baseURL: 'http://127.0.0.1/v1', fetch }).chatModel('any')
  const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] })
  const told = []
  for await (const part of stream) {
    if (part.type === 'error') told.push('error')
    if (part.type === 'finish') told.push(`finish ${part.finishReason.unified}`)
  }
  console.log(`${place}: ${told.join(', ')}`)
}
EOF
seen=$(node show.mjs)
echo "$seen"
[ "$seen" = $'before the reason: error, finish stop\nbehind the reason: error, finish error' ] || { echo "It has changed."; exit 1; }
