-- KEYS: segments, holders, those of the account's ledger, the conversation's line. ARGV: the conversation as a holder, the list. Returns 1, or 0: it does
-- not hold it.
local ledger = { held = KEYS[3], ends = KEYS[4] }
local line = redis.call('HMGET', KEYS[5], 'transcript', 'closed')
-- A store that has gone back may have a line again that stands there.
if line[1] and not line[2] and string.match(line[1], '^%S+') == ARGV[2] then return 1 end
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
drop_unless_held(ledger, KEYS[1], KEYS[2])
return 1
