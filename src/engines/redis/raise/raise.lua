-- ARGV: by, tag, the limits as JSON, whether the run is not to be paused any more (1 or 0), iterations, calls, tokens and cost from now on or
-- empty, max entries, max bytes of a log, max bytes of the account. Returns {outcome, record}.
local run = redis.call('HMGET', keys.run, 'status', 'wake', 'paused')
if not run[1] then return { 'ended', record() } end
-- This raise was applied before, and its reply was lost. Another one may have been applied since.
if redis.call('HEXISTS', keys.answers, raise_field(ARGV[2])) == 1 then return { 'raised', record() } end
if ENDED[run[1]] then return { 'ended', record() } end
local kind, used, allowed, until_ms = string.match(run[3] or '', '^(%a+) (%S+) (%S+) (%d+)$')
if ARGV[1] == 'deadline' then
  -- Always has room: the run must be able to go on, and to end.
  if not kind or tonumber(now_ms()) < tonumber(until_ms) then return { 'early', record() } end
else
  local own_entries, own_bytes = own_size(keys)
  if own_entries >= tonumber(ARGV[9]) or own_bytes + #ARGV[3] > tonumber(ARGV[10]) or is_full(keys.ledger, ARGV[11], 2 * #ARGV[3]) then
    return { 'full', record() }
  end
end
-- A worker of an earlier release does not know that fact.
local status = run[1] == 'held' and 'held' or marked(plain(run[1]))
local still = 'null'
if kind then
  local at = { iterations = 5, calls = 6, tokens = 7, cost = 8 }
  local anew = ARGV[at[kind]] ~= '' and ARGV[at[kind]] or allowed
  if ARGV[4] == '1' or tonumber(anew) > tonumber(used) then
    status = marked('queued')
    redis.call('HSET', keys.run, 'wake', string.format('%.0f', tonumber(run[2]) + 1))
    redis.call('HDEL', keys.run, 'paused')
    stand(keys.standing, keys.run, 'queued', now_ms())
  else
    redis.call('HSET', keys.run, 'paused', kind .. ' ' .. used .. ' ' .. anew .. ' ' .. until_ms)
    still = '{"kind":"' .. kind .. '","used":' .. used .. ',"allowed":' .. anew .. '}'
  end
end
append(keys, '', ARGV[2], { 'limits-raised', '{"limits":' .. ARGV[3] .. ',"stillReached":' .. still .. '}' })
redis.call('HSET', keys.run, 'status', status, 'newer', 1)
redis.call('HSET', keys.answers, raise_field(ARGV[2]), '')
store_beside(keys, #raise_field(ARGV[2]))
-- Its worker reads it before its next model call, and before it completes.
redis.call('HINCRBY', keys.run, 'added', 1)
return { 'raised', record() }
