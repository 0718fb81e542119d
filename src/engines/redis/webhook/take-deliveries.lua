-- KEYS: hooks, due. ARGV: endpoint, account/endpoint, now in ms, how many at most, lease in ms. Returns ids of deliveries whose time has
-- come: nobody else gets them before the lease is over. The endpoint's entry in `due` is then that of its next delivery.
local queue = KEYS[1] .. ':queue:' .. ARGV[1]
local ids = redis.call('ZRANGE', queue, '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[4])
for _, id in ipairs(ids) do redis.call('ZADD', queue, string.format('%.0f', ARGV[3] + ARGV[5]), id) end
local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[2], first[2], ARGV[2]) else redis.call('ZREM', KEYS[2], ARGV[2]) end
return ids
