#!/usr/bin/env bash
# 2026-12-01 · openai 7.59.0, Node 24.21.0
# One would swear: the request option `idempotencyKey`, "a unique key for this request to enable idempotency", goes out as a header, the more so
#   as the client sends a POST whose answer is lost again by itself, twice.
# It is: no request has such a header, the repeated ones neither; the key goes nowhere. A header that is given by hand is sent each time.
# Seen: option: none none none / header: mine mine mine
# Here: src/api/openai/endpoints/create.ts honours the header; docs/guides/openai.md says to give it by hand;
#   test/specification/openai/responses.test.ts shows both.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund openai@7.59.0 node@24.21.0
cat >show.mjs <<'JS'
import OpenAI from 'openai'

/** The keys of all requests that the client makes while their answers are lost. */
async function keys(options) {
  const seen = []
  const fetch = async (url, init) => {
    seen.push(new Headers(init.headers).get('idempotency-key') ?? 'none')
    throw new TypeError('fetch failed')
  }
  const client = new OpenAI({ apiKey: 'key', baseURL: 'http://127.0.0.1', fetch })
  await client.responses.create({ model: 'm', input: 'Hi', background: true }, options).catch(() => {})
  return seen.join(' ')
}
console.log(`option: ${await keys({ idempotencyKey: 'mine' })}`)
console.log(`header: ${await keys({ headers: { 'Idempotency-Key': 'mine' } })}`)
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'option: none none none
header: mine mine mine' ] || { echo 'It has changed.'; exit 1; }
