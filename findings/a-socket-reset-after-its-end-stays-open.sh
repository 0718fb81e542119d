#!/usr/bin/env bash
# 2026-11-30 · Node 24.21.0 (the npm package `node`)
# One would swear: `socket.resetAndDestroy()` closes any socket at once, as `destroy()` does; at worst without RST.
# It is: in the turn in which `socket.end()` was called, the reset is refused with an `error` event (EINVAL). The socket then
#   counts as destroyed, but `close` never comes and its handle stays open for as long as the process lives.
#   `server.getConnections()` does not count it, so `server.close()` succeeds.
# Seen: error: EINVAL reset / destroyed: true / close: none / sockets open: 1
#   and with `destroy()` in its place: destroyed: true / close: yes / sockets open: 0
# Here: test/support/proxy/reset.ts destroys a socket that has been ended.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund --allow-scripts=node node@24.21.0 >/dev/null 2>&1 ||
  npm install --silent --no-audit --no-fund node@24.21.0 >/dev/null
cat > show.mjs <<'EOF'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const seen = []
const server = createServer((socket) => {
  socket.on('error', (error) => seen.push(`error: ${error.code} ${error.syscall}`))
  let close = 'none'
  socket.on('close', () => { close = 'yes' })
  socket.write('x')
  socket.end()
  socket[process.argv[2]]()
  seen.push(`destroyed: ${socket.destroyed}`)
  setTimeout(() => seen.push(`close: ${close}`), 300)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const client = connect(server.address().port, '127.0.0.1').on('error', () => {}).resume()
await once(client, 'close')
await wait(600)
await new Promise((resolve) => server.close(resolve))
seen.push(`sockets open: ${process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length}`)
console.log(seen.sort().join(' / '))
process.exit()
EOF
node_modules/.bin/node --version
reset=$(node_modules/.bin/node show.mjs resetAndDestroy)
destroyed=$(node_modules/.bin/node show.mjs destroy)
printf '%s\n' "$reset" "$destroyed"
[ "$reset" = 'close: none / destroyed: true / error: EINVAL reset / sockets open: 1' ] &&
  [ "$destroyed" = 'close: yes / destroyed: true / sockets open: 0' ] || { echo 'It has changed.'; exit 1; }
