-- After ledger.lua. KEYS: log, head, facts, packed, those of the account's ledger. ARGV: SHA-1 of the log as it was read, the
-- packed log, what an entry and a log are counted with beside their payloads, bytes. Puts a log that has ended in one value, if it
-- is still the one that was read. Returns 1, or 0 if it is not.
local ledger = { held = KEYS[5], ends = KEYS[6] }
local ttl = redis.call('PTTL', KEYS[1])
if ttl <= 0 or not redis.call('HGET', KEYS[2], 'closed') then return 0 end
local parts, bytes, count = {}, 0, 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  local fields = entry[2]
  parts[#parts + 1] = table.concat({ entry[1], fields[2], fields[4], fields[6], fields[8] }, '\31')
  -- A fact is in both streams.
  local times = string.sub(fields[2], -6) == '-delta' and 1 or 2
  bytes, count = bytes + times * #fields[4], count + times
end
if redis.sha1hex(table.concat(parts, '\30')) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[4], ARGV[2])
redis.call('PEXPIRE', KEYS[4], ttl)
redis.call('DEL', KEYS[1], KEYS[3])
local saved = bytes + count * tonumber(ARGV[3]) + tonumber(ARGV[4]) - #ARGV[2]
redis.call('HINCRBY', KEYS[2], 'stored', string.format('%.0f', -saved))
local held, ends = redis.call('HGET', ledger.held, KEYS[2]), redis.call('ZSCORE', ledger.ends, KEYS[2])
if held and ends then hold(ledger, KEYS[2], math.max(1, held - saved), ends) end
return 1
