-- ARGV: the run's name in the due list, when it was created, or an empty text: whichever is there.
-- Returns 'removed', 'not-ended' or 'absent'.
local run = redis.call('HMGET', keys.run, 'status', 'createdAt')
local status = run[1]
if not status or (ARGV[2] ~= '' and run[2] ~= ARGV[2]) then return 'absent' end
if not ENDED[status] then return 'not-ended' end
for _, key in ipairs({ keys.log, keys.facts, keys.head, keys.run, keys.request, keys.pending, keys.answers, keys.files,
  keys.waiters, keys.assigned, keys.early, keys.publications, keys.packed }) do
  redis.call('DEL', key)
end
hold(keys.ledger, keys.head, 0)
hold(keys.ledger, keys.run, 0)
forget_deliveries(keys)
-- Not by a look, but in the script that removes what would be looked at.
redis.call('ZREM', keys.due, ARGV[1])
-- No publication: whoever watches reads, and finds nothing.
redis.call('PUBLISH', keys.topic, '')
return 'removed'
