-- KEYS: hooks, due. ARGV: endpoint, account/endpoint, id, when it is sent in ms, or empty: never.
local queue = KEYS[1] .. ':queue:' .. ARGV[1]
if ARGV[4] == '' then
  redis.call('ZREM', queue, ARGV[3])
  redis.call('ZREM', KEYS[1] .. ':list:' .. ARGV[1], ARGV[3])
elseif redis.call('ZSCORE', queue, ARGV[3]) then
  redis.call('ZADD', queue, ARGV[4], ARGV[3])
  redis.call('ZADD', KEYS[2], 'LT', ARGV[4], ARGV[2])
end
return 1
