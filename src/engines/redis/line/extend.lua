-- KEYS: segments, holders, those of the account's ledger. ARGV: place of the segment in the list, the dispatch that said it, its text,
-- the holder, for how long it holds in ms. Returns 1, or 0: another segment has that place, or the list has gone.
local ledger = { held = KEYS[3], ends = KEYS[4] }
local segments, holders, at = KEYS[1], KEYS[2], tonumber(ARGV[1])
local length = tonumber(redis.call('HGET', segments, 'length') or '0')
if length == at then
  local before = tonumber(redis.call('HGET', segments, 'b' .. at - 1) or '0')
  redis.call('HSET', segments, 's' .. at, ARGV[3], 'o' .. at, ARGV[2], 'b' .. at, string.format('%.0f', before + #ARGV[3]),
    'length', at + 1)
elseif redis.call('HGET', segments, 'o' .. at) ~= ARGV[2] or redis.call('HGET', segments, 's' .. at) ~= ARGV[3] then
  -- Of another dispatch, or of one that was removed and is sent again under its id.
  return 0
end
redis.call('ZADD', holders, string.format('%.0f', tonumber(now_ms()) + tonumber(ARGV[5])), ARGV[4])
keep_transcript(ledger, segments, holders)
return 1
