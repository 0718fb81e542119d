-- Included after ledger.lua. KEYS: hooks, the ledger's two. ARGV: endpoint, as it is stored or empty (there is none), as it is from now on, how many an account may
-- have, max bytes of the account. Returns 'written', 'stale', 'full' or 'account-full'.
local ledger = { held = KEYS[2], ends = KEYS[3] }
local before = redis.call('HGET', KEYS[1], ARGV[1])
-- This change was applied before, and its reply was lost.
if before == ARGV[3] then return 'written' end
if (before or '') ~= ARGV[2] then return 'stale' end
if not before and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 'full' end
local growth = #ARGV[3] - #ARGV[2]
if growth > 0 and is_full(ledger, ARGV[5], growth) then return 'account-full' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
hold(ledger, KEYS[1], tonumber(redis.call('HGET', ledger.held, KEYS[1]) or '0') + growth, '+inf')
return 'written'
