-- KEYS: segments, holders, those of the account's ledger. ARGV: a holder that does not need the list any more.
local ledger = { held = KEYS[3], ends = KEYS[4] }
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
drop_unless_held(ledger, KEYS[1], KEYS[2])
return 1
