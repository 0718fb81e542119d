#!/usr/bin/env bash
# 2026-12-01 · openai 7.59.0, Node 24.21.0
# One would swear: `responses.cancel()` resolves with a Response like that of `create()` and `retrieve()`: its type says so, `output_text: string` included.
# It is: create and retrieve add `output_text` to what the server sends, cancel does not; it is undefined, although the output has the text.
# Seen: retrieve: said so far / cancel: undefined
# Here: test/specification/openai/responses.test.ts reads the text of a cancelled response from `retrieve`.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund openai@7.59.0 node@24.21.0
cat >show.mjs <<'JS'
import OpenAI from 'openai'

const part = { type: 'output_text', text: 'said so far', annotations: [] }
const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'incomplete', content: [part] }
const response = { id: 'resp_1', object: 'response', status: 'cancelled', output: [message] }
const client = new OpenAI({
  apiKey: 'key',
  baseURL: 'http://127.0.0.1',
  fetch: async () => Response.json(response),
})
console.log(`retrieve: ${(await client.responses.retrieve('resp_1')).output_text}`)
console.log(`cancel: ${(await client.responses.cancel('resp_1')).output_text}`)
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'retrieve: said so far
cancel: undefined' ] || { echo 'It has changed.'; exit 1; }
