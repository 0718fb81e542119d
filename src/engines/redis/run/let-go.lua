-- KEYS: segments, holders, those of the account's ledger, run. ARGV: channel, for how many ms after its end it needs the
-- transcript. The run is looked at here, because a store that has gone back may have one again that had ended.
local ledger = { held = KEYS[3], ends = KEYS[4] }
local ended_at = redis.call('HGET', KEYS[5], 'finishedAt')
if not ended_at or not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[2], string.format('%.0f', ended_at + ARGV[2]), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now_ms())
drop_unless_held(ledger, KEYS[1], KEYS[2])
return 1
