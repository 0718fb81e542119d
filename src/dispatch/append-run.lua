-- ARGV: claim, seq, tag, progress (1 or 0), open, usage as JSON or empty, ended status or empty, `result` or `error`,
-- its JSON, log seconds, record seconds, kind, payload, kind, payload, ...
-- Answers {'applied', last, bytes, cancellation as JSON or empty}, {'fenced'} or {'ended'}.
local run = redis.call('HMGET', keys.run, 'status', 'claim', 'seq', 'cancel')
if run[2] ~= ARGV[1] then return { 'fenced' } end
local seq, applied = tonumber(ARGV[2]), tonumber(run[3])
if seq <= applied then
  local head = redis.call('HMGET', keys.head, 'last', 'bytes')
  return { 'applied', head[1], head[2], run[4] or '' }
end
if ENDED[run[1]] then return { 'ended' } end
-- A gap: the store has gone back behind what this writer was told. Its next words would follow a hole.
if run[1] ~= 'running' or seq ~= applied + 1 then return { 'fenced' } end

local entries = {}
for i = 12, #ARGV do entries[i - 11] = ARGV[i] end
local last, bytes, at = append(keys, '', ARGV[3], entries)
redis.call('HSET', keys.run, 'seq', ARGV[2], 'open', ARGV[5])
if ARGV[4] == '1' then redis.call('HSET', keys.run, 'lost', 0) end
if ARGV[6] ~= '' then redis.call('HSET', keys.run, 'usage', ARGV[6]) end
if ARGV[7] ~= '' then end_run(ARGV[7], ARGV[8], ARGV[9], at, ARGV[10], ARGV[11]) end
return { 'applied', string.format('%.0f', last), string.format('%.0f', bytes), run[4] or '' }
