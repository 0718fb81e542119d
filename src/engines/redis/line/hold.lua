-- KEYS: segments, holders, those of the account's ledger. ARGV: segments that the run needs, its channel.
-- Returns their bytes; -1: the list has gone.
local ledger = { held = KEYS[3], ends = KEYS[4] }
local bytes = redis.call('HGET', KEYS[1], 'b' .. tonumber(ARGV[1]) - 1)
if not bytes then return -1 end
redis.call('ZADD', KEYS[2], '+inf', ARGV[2])
keep_transcript(ledger, KEYS[1], KEYS[2])
return tonumber(bytes)
