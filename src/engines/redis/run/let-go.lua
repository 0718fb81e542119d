-- KEYS: segments, holders, and those of the account's ledger. ARGV: channel, until when it needs the transcript, in ms.
local ledger = { held = KEYS[3], ends = KEYS[4] }
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now_ms())
if redis.call('ZCARD', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[1])
  hold(ledger, KEYS[1], 0)
else
  keep_transcript(ledger, KEYS[1], KEYS[2])
end
return 1
