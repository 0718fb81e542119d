-- ARGV: the line's name in the due list, the time until its look in ms.
-- Returns 'closed', 'not-ended' or 'absent'.
if not redis.call('HGET', keys.line, 'createdAt') then return 'absent' end
if redis.call('LLEN', keys.places) > 0 then return 'not-ended' end
redis.call('HSET', keys.line, 'closed', 1)
redis.call('PERSIST', keys.line)
redis.call('PERSIST', keys.members)
redis.call('ZADD', keys.due, 'LT', string.format('%.0f', tonumber(now_ms()) + tonumber(ARGV[2])), ARGV[1])
return 'closed'
