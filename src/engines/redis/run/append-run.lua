-- ARGV: claim, seq, tag, progress (1 or 0), open, usage as JSON or empty, ended status or empty, `result` or `error`,
-- its JSON, log seconds, record seconds, the last fact that was read (offset, space, tag) or empty, max bytes of the account,
-- the number of messages that were handed to the run, as the writer knows it, or empty, whether an iteration begins with them (1 or 0), count of awaited calls, call id, pending call, ..., kind, payload, kind, payload, ...
-- A pending call is its way, its deadline in ms and its JSON, separated by spaces.
-- Returns {'applied', last, entries of the run's own, bytes of them, cancellation as JSON or empty, whether the account is full
-- (1 or 0)}, {'fenced'}, {'ended'} or {'news'}. A full account refuses no append: the run must be able to end.
local run = redis.call('HMGET', keys.run, 'status', 'claim', 'seq', 'cancel', 'added', 'usage')
if run[2] ~= ARGV[1] then return { 'fenced' } end
local seq, applied = tonumber(ARGV[2]), tonumber(run[3])
local function reply(last, own_entries, own_bytes, is_account_full)
  return { 'applied', string.format('%.0f', last), string.format('%.0f', own_entries), string.format('%.0f', own_bytes),
    run[4] or '', is_account_full and '1' or '0' }
end
if seq <= applied then return reply(tonumber(redis.call('HGET', keys.head, 'last')), own_size(keys)) end
if ENDED[run[1]] then return { 'ended' } end
-- A gap: the store has gone back to before an append that this writer knows as applied. A hole would precede its next words.
if plain(run[1]) ~= 'running' or seq ~= applied + 1 then return { 'fenced' } end

-- The writer continues a fact that others wrote. If that fact is gone, the store has gone back to before it.
if ARGV[12] ~= '' then
  local offset, tag = string.match(ARGV[12], '^(%d+) (.*)$')
  local fact = redis.call('XRANGE', keys.facts, offset .. '-0', offset .. '-0')[1]
  if not fact or fact[2][6] ~= tag then return { 'fenced' } end
end

-- Messages came that the writer does not know: it reads them before its next model call, and does not complete without them.
if ARGV[14] ~= '' and ARGV[14] ~= (run[5] or '0') then return { 'news' } end

local entries = {}
local first = 17 + 2 * tonumber(ARGV[16])
for i = first, #ARGV do entries[i - first + 1] = ARGV[i] end
local at, has_grown, last, own_entries, own_bytes = append(keys, '', ARGV[3], entries)
redis.call('HSET', keys.run, 'seq', ARGV[2], 'open', ARGV[5])
for i = 17, first - 1, 2 do
  redis.call('HSET', keys.pending, ARGV[i], ARGV[i + 1])
  has_grown = store_beside(keys, #ARGV[i] + #ARGV[i + 1]) or has_grown
end
if ARGV[14] ~= '' and ARGV[15] == '1' and run[5] then redis.call('HSET', keys.run, 'heard', run[5]) end
if ARGV[4] == '1' then redis.call('HSET', keys.run, 'lost', 0) end
if ARGV[6] ~= '' then
  count_usage(keys.used_today, keys.recent, run[6], ARGV[6])
  redis.call('HSET', keys.run, 'usage', ARGV[6])
end
if ARGV[7] ~= '' then close_run(at) end
return reply(last, own_entries, own_bytes, has_grown and is_full(keys.ledger, ARGV[13], 0))
