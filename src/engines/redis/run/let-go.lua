-- KEYS: segments, holders, those of the account's ledger, run, head. ARGV: channel, for how many ms after its end its log needs the
-- transcript, the list. The run is looked at here, because a store that has gone back may have one again that had ended. One that is
-- not there, or that has begun or ended without this transcript, needs it no longer.
local ledger = { held = KEYS[3], ends = KEYS[4] }
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
local run = redis.call('HMGET', KEYS[5], 'status', 'finishedAt')
local taken = string.match(redis.call('HGET', KEYS[6], 'transcript') or '', '^%S+') == ARGV[3]
-- A held run may be about to begin with it. Another one that is at work has another one, and was created where a run was removed.
if run[1] and not run[2] and (run[1] == 'held' or taken) then return 0 end
if run[2] and taken then
  redis.call('ZADD', KEYS[2], string.format('%.0f', run[2] + ARGV[2]), ARGV[1])
else
  redis.call('ZREM', KEYS[2], ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now_ms())
drop_unless_held(ledger, KEYS[1], KEYS[2])
return 1
