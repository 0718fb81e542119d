-- KEYS also: due, index. ARGV: digest, model, not before, created at, request, epoch, tag, payload of dispatch-queued, bot id
-- or empty, contact id or empty, the run's name in the due list, the time of the first look, its channel, max bytes of a log,
-- max bytes of the account. Returns {outcome, record}, {'log-full'} or {'account-full'}.
-- All of it is one script, so a store that goes back holds either everything or nothing.
local stored = redis.call('HGET', keys.run, 'digest')
if stored then
  return { stored == ARGV[1] and 'exists' or 'conflict', record() }
end
if #ARGV[8] > tonumber(ARGV[14]) then return { 'log-full' } end
-- The first entry is a fact, so its payload is stored twice.
if is_full(keys.ledger, ARGV[15], LOG_BYTES + 2 * (#ARGV[8] + ENTRY_BYTES) + #ARGV[5]) then return { 'account-full' } end
-- Messages that were published before the run existed do not expire while it runs.
for _, key in ipairs({ keys.log, keys.facts, keys.head }) do redis.call('PERSIST', key) end
redis.call('HDEL', keys.head, 'reserved')
store_beside(keys, #ARGV[5])
append(keys, ARGV[6], ARGV[7], { 'dispatch-queued', ARGV[8] })
redis.call('SET', keys.request, ARGV[5])
redis.call('HSET', keys.run, 'status', 'queued', 'wake', 1, 'attempt', 0, 'lost', 0, 'seq', 0, 'open', '',
  'digest', ARGV[1], 'model', ARGV[2], 'notBefore', ARGV[3], 'createdAt', ARGV[4],
  'botId', ARGV[9], 'contactId', ARGV[10])
redis.call('ZADD', KEYS[12], 'LT', ARGV[12], ARGV[11])
redis.call('ZADD', KEYS[13], ARGV[4], ARGV[13])
return { 'created', record() }
