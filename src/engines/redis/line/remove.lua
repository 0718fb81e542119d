-- ARGV: the line's name in the due list. Returns when the line has changed last, or an empty text if it is not closed.
local line = redis.call('HMGET', keys.line, 'closed', 'updatedAt')
if not line[1] then return '' end
redis.call('DEL', keys.line)
redis.call('DEL', keys.places)
redis.call('DEL', keys.members)
hold(keys.ledger, keys.line, 0)
redis.call('ZREM', keys.due, ARGV[1])
redis.call('PUBLISH', keys.topic, '')
return line[2]
