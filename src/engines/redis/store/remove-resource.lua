-- ARGV: id. Returns 1, or 0 if there is none.
local handle = redis.call('HGET', keys.item, 'handle')
if not handle then return 0 end
if handle ~= '' then redis.call('HDEL', keys.handles, handle) end
redis.call('ZREM', keys.index, ARGV[1])
redis.call('UNLINK', keys.item, keys.texts, keys.metas, keys.order)
hold(keys.ledger, keys.item, 0)
return 1
