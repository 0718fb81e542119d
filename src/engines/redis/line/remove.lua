-- ARGV: the line's name in the due list. Returns 1, or 0 if the line is not closed.
if redis.call('HEXISTS', keys.line, 'closed') == 0 then return 0 end
redis.call('DEL', keys.line)
redis.call('DEL', keys.places)
redis.call('DEL', keys.members)
hold(keys.ledger, keys.line, 0)
redis.call('ZREM', keys.due, ARGV[1])
redis.call('PUBLISH', keys.topic, '')
return 1
