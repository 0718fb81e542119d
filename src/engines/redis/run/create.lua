-- KEYS also: due, index. ARGV: digest, model, not before, created at, request, epoch, tag, payload of dispatch-queued, bot id
-- or empty, contact id or empty, the run's name in the due list, the time of the first look, its channel.
-- Returns {outcome, record}. All of it is one script, so a store that goes back holds either everything or nothing.
local stored = redis.call('HGET', keys.run, 'digest')
if stored then
  return { stored == ARGV[1] and 'exists' or 'conflict', record() }
end
-- Messages that were published before the run existed do not expire while it runs.
for _, key in ipairs({ keys.log, keys.facts, keys.head }) do redis.call('PERSIST', key) end
append(keys, ARGV[6], ARGV[7], { 'dispatch-queued', ARGV[8] })
redis.call('SET', keys.request, ARGV[5])
redis.call('HSET', keys.run, 'status', 'queued', 'wake', 1, 'attempt', 0, 'lost', 0, 'seq', 0, 'open', '',
  'digest', ARGV[1], 'model', ARGV[2], 'notBefore', ARGV[3], 'createdAt', ARGV[4],
  'botId', ARGV[9], 'contactId', ARGV[10])
redis.call('ZADD', KEYS[10], 'LT', ARGV[12], ARGV[11])
redis.call('ZADD', KEYS[11], ARGV[4], ARGV[13])
return { 'created', record() }
