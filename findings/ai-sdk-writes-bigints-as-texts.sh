#!/usr/bin/env bash
# 2026-11-30 · @ai-sdk/provider-utils as @ai-sdk/openai-compatible 3.0.92 brings it, Node 24.21.0
# One would swear: a prompt with a bigint in a tool's arguments or result is refused, or reaches the model as a number.
# It is: the adapter writes it as a text in quotes, so the model reads another type than the tool declared. An object of
#   `JSON.rawJSON` passes through as a number.
# Seen: {"id":"12345678901234567890"} {"id":12345678901234567890}
# Here: src/models/ai-sdk/prompt.ts gives raw numbers; test/models/fit/history-parts.test.ts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null && npm install --silent @ai-sdk/openai-compatible@3.0.92 node@24.21.0
seen=$(./node_modules/node/bin/node --input-type=module -e "
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
const said = []
const fetch = async (_url, init) => {
  said.push(JSON.parse(init.body).messages[1].tool_calls[0].function.arguments)
  return new Response('{}', { status: 400 })
}
const model = createOpenAICompatible({ name: 'x', baseURL: 'http://localhost', fetch }).chatModel('m')
for (const id of [12345678901234567890n, JSON.rawJSON('12345678901234567890')]) {
  const call = { type: 'tool-call', toolCallId: 'c', toolName: 't', input: { id } }
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }, { role: 'assistant', content: [call] }]
  await model.doGenerate({ prompt }).catch(() => {})
}
console.log(said.join(' '))
")
echo "$seen"
[ "$seen" = '{"id":"12345678901234567890"} {"id":12345678901234567890}' ] || { echo "It has changed."; exit 1; }
