#!/usr/bin/env bash
# 2026-12-01 · @ag-ui/encoder 1.0.0, Node 24.21.0
# One would swear: a server that makes its encoder from the client's Accept header answers with what the client prefers: an event stream
#   where `text/event-stream` comes first or has the higher q, and where all is accepted, since that is the protocol's wire by default.
# It is: the header is asked only whether it allows the binary form. If it does, with whatever q and also by `*/*`, the content type is the
#   binary one, so that curl and a plain fetch, which say `*/*`, get bytes. `encode()` writes text all the same: whoever pairs it with
#   `getContentType()` names one form and sends the other.
# Seen: text/event-stream, */*;q=0.1: application/vnd.ag-ui.event+proto, encode: data:
#   */*: application/vnd.ag-ui.event+proto, encode: data:
#   text/event-stream: text/event-stream, encode: data:
# Here: src/api/ag-ui answers every request with an event stream, and does not use the encoder; askServer of
#   test/support/ag-ui/stock-agent.ts accepts everything, and reads text.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @ag-ui/encoder@1.0.0 @ag-ui/core@1.0.0 @ag-ui/proto@1.0.0 node@24.21.0
cat >show.mjs <<'JS'
import { EventEncoder } from '@ag-ui/encoder'

for (const accept of ['text/event-stream, */*;q=0.1', '*/*', 'text/event-stream']) {
  const encoder = new EventEncoder({ accept })
  const text = encoder.encode({ type: 'STEP_STARTED', stepName: 'one' })
  console.log(`${accept}: ${encoder.getContentType()}, encode: ${text.slice(0, 5)}`)
}
JS
seen=$(node_modules/.bin/node show.mjs)
echo "$seen"
[ "$seen" = 'text/event-stream, */*;q=0.1: application/vnd.ag-ui.event+proto, encode: data:
*/*: application/vnd.ag-ui.event+proto, encode: data:
text/event-stream: text/event-stream, encode: data:' ] || { echo 'It has changed.'; exit 1; }
