-- ARGV: call id, by, digest, wakes (1 or 0), tag, max entries, max bytes of a log, max bytes of the account, kind, payload,
-- kind, payload, ... Returns {outcome, record}.
local answer = redis.call('HGET', keys.answers, ARGV[1])
if answer then return { answer == ARGV[3] and 'repeated' or 'conflict', record() } end
local run = redis.call('HMGET', keys.run, 'status', 'wake')
if ENDED[run[1]] then return { 'ended', record() } end
local pending = redis.call('HGET', keys.pending, ARGV[1])
if not pending or #ARGV == 8 then return { 'unknown', record() } end
local way, deadline = string.match(pending, '^(%a+) (%d+) ')
local is_over = tonumber(now_ms()) >= tonumber(deadline)
if ARGV[2] == 'deadline' then
  if not is_over then return { 'early', record() } end
else
  if is_over then return { 'late', record() } end
  if ARGV[2] ~= way then return { 'other-way', record() } end
end

local entries, size = {}, 0
for i = 9, #ARGV do
  entries[i - 8] = ARGV[i]
  if i % 2 == 0 then size = size + #ARGV[i] end
end
-- A deadline's own answer always has room: the run must be able to go on, and to end.
if ARGV[2] ~= 'deadline' then
  local own_entries, own_bytes = own_size(keys)
  if own_entries >= tonumber(ARGV[6]) or own_bytes + size > tonumber(ARGV[7]) or is_full(keys.ledger, ARGV[8], 2 * size) then
    return { 'full', record() }
  end
end
append(keys, '', ARGV[5], entries)
redis.call('HDEL', keys.pending, ARGV[1])
redis.call('HSET', keys.answers, ARGV[1], ARGV[3])
redis.call('HSET', keys.run, 'lost', 0)
local goes_on = ARGV[4] == '1' or ARGV[2] == 'deadline' or redis.call('HLEN', keys.pending) == 0
if plain(run[1]) == 'waiting' and goes_on then
  redis.call('HSET', keys.run, 'status', next_status('queued', run[1]), 'wake', string.format('%.0f', tonumber(run[2]) + 1))
  stand(keys.standing, keys.run, 'queued', now_ms())
end
return { 'settled', record() }
