-- Returns {line, places}. The first is empty if there is no such conversation.
return { redis.call('HGETALL', keys.line), redis.call('LRANGE', keys.places, 0, -1) }
