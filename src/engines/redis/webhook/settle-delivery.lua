-- KEYS: the channel's deliveries, hooks, due. ARGV: endpoint, account/endpoint, id, field, row as it was read, row from now on, next
-- attempt in ms or empty. Returns 1, or 0 if the row is another or gone.
local queue = KEYS[2] .. ':queue:' .. ARGV[1]
if redis.call('HGET', KEYS[1], ARGV[4]) ~= ARGV[5] then return 0 end
redis.call('HSET', KEYS[1], ARGV[4], ARGV[6])
if ARGV[7] == '' then
  redis.call('ZREM', queue, ARGV[3])
elseif redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then
  redis.call('ZADD', queue, ARGV[7], ARGV[3])
  redis.call('ZADD', KEYS[3], 'LT', ARGV[7], ARGV[2])
end
return 1
