-- Included before the scripts of transcripts, after ledger.lua. A transcript is a list of segments, kept once for all dispatches
-- that continue one another: a hash with `s<n>` the n-th segment, `o<n>` the dispatch that said it, `b<n>` the bytes up to and
-- with it, and `length`; and a sorted set of the dispatches that need it, by the time in ms until which they do.

-- What a segment costs beside its text.
local SEGMENT_BYTES = 200

-- Kept as long as the last of its dispatches needs it, and counted until then.
local function keep_transcript(ledger, segments, holders)
  local length = tonumber(redis.call('HGET', segments, 'length'))
  local bytes = tonumber(redis.call('HGET', segments, 'b' .. length - 1)) + SEGMENT_BYTES * length
  local last = redis.call('ZRANGE', holders, -1, -1, 'WITHSCORES')[2]
  hold(ledger, segments, bytes, last == 'inf' and '+inf' or last)
  for _, key in ipairs({ segments, holders }) do
    if last == 'inf' then
      redis.call('PERSIST', key)
    else
      redis.call('PEXPIRE', key, string.format('%.0f', math.max(1, last - now_ms())))
    end
  end
end

-- After one of its holders no longer needs it: the last takes it along.
local function drop_unless_held(ledger, segments, holders)
  if redis.call('ZCARD', holders) == 0 then
    redis.call('DEL', segments)
    hold(ledger, segments, 0)
  else
    keep_transcript(ledger, segments, holders)
  end
end
