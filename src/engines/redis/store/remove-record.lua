-- ARGV: id. Returns 1, or 0 if there is none.
local text = redis.call('HGET', keys.texts, ARGV[1])
if not text then return 0 end
count_bytes(-(#text + #redis.call('HGET', keys.metas, ARGV[1])))
redis.call('ZREM', keys.order, ARGV[1])
redis.call('HDEL', keys.texts, ARGV[1])
redis.call('HDEL', keys.metas, ARGV[1])
touch()
hold_item()
return 1
