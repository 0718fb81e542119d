-- KEYS also: due, the keys of the channel on which runs wait, and the packed log. ARGV: the run's name in the due list.
-- Returns 'removed', 'not-ended' or 'absent'.
local status = redis.call('HGET', keys.run, 'status')
if not status then return 'absent' end
if not ENDED[status] then return 'not-ended' end
for _, key in ipairs({ keys.log, keys.facts, keys.head, keys.run, keys.request, keys.pending, keys.answers, keys.files,
  KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22] }) do
  redis.call('DEL', key)
end
hold(keys.ledger, keys.head, 0)
hold(keys.ledger, keys.run, 0)
forget_deliveries(keys)
-- Not by a look, but in the script that removes what would be looked at.
redis.call('ZREM', KEYS[17], ARGV[1])
-- No publication: whoever watches reads, and finds nothing.
redis.call('PUBLISH', keys.topic, '')
return 'removed'
