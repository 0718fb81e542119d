#!/usr/bin/env bash
# 2026-11-30 · redis-server 7.0.15 (Debian)
# One would swear: a number in a Lua script of Redis has one text, so that a key or a member that is built with `..` is found again by the
#   number itself as an argument; and whole numbers that a double holds exactly are exact in each.
# It is: an argument of `redis.call` is written with 17 digits, whatever is joined with `..`, goes through `tostring`, or through
#   `cjson.encode` with 14, and with an exponent from 1e14 on. A time in ms is the same in all of them, one in µs is another time.
# Seen: ms: argument 1796000000123, joined 1796000000123, JSON 1796000000123
#   µs: argument 1796000000123456, joined 1.7960000001235e+15, JSON 1.7960000001235e+15
#   tenth: argument 0.10000000000000001, joined 0.1, JSON 0.1
# Here: times in the scripts of src/engines/redis are whole ms, and what could have more digits or a fraction is written by `string.format`
#   (`now_ms` in limits/ledger.lua, limits/take-rate.lua).
set -euo pipefail
place=$(mktemp -d)
redis-server --port 0 --unixsocket "$place/redis.sock" --save '' --dir "$place" >/dev/null &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$place"' EXIT
ask() { redis-cli -s "$place/redis.sock" "$@"; }
until [ "$(ask ping 2>/dev/null)" = PONG ]; do sleep 0.05; done
texts="redis.call('SET', 'argument', %s)
return ARGV[1] .. ': argument ' .. redis.call('GET', 'argument') .. ', joined ' .. %s .. ', JSON ' .. cjson.encode(%s)"
seen=$(
  for number in ms:1796000000123 µs:1796000000123456 tenth:0.1; do
    value=${number#*:}
    ask eval "${texts//%s/$value}" 0 "${number%%:*}"
  done
)
echo "$seen"
[ "$seen" = 'ms: argument 1796000000123, joined 1796000000123, JSON 1796000000123
µs: argument 1796000000123456, joined 1.7960000001235e+15, JSON 1.7960000001235e+15
tenth: argument 0.10000000000000001, joined 0.1, JSON 0.1' ] || { echo 'It has changed.'; exit 1; }
