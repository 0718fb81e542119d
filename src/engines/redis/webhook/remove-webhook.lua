-- Included after ledger.lua. KEYS: hooks, the ledger's two, due. ARGV: endpoint, account/endpoint. Returns 1, or 0 if there was none.
local ledger = { held = KEYS[2], ends = KEYS[3] }
local before = redis.call('HGET', KEYS[1], ARGV[1])
if not before then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
hold(ledger, KEYS[1], math.max(0, tonumber(redis.call('HGET', ledger.held, KEYS[1]) or '0') - #before), '+inf')
redis.call('DEL', KEYS[1] .. ':queue:' .. ARGV[1])
redis.call('DEL', KEYS[1] .. ':list:' .. ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[2])
return 1
