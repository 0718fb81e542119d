-- ARGV: channel, ticket, rejoins (1 or 0), rejects to wait (1 or 0), contact id or empty, most
-- places, most members, max bytes of the account, the line's name in the due list, the time until its look in ms, how long an empty
-- line is kept in ms, what becomes of those before it or a minus, up to which
-- message it keeps the transcript or empty. Returns {'joined', ticket, when it joined}, {'busy'}, {'full'}, {'account-full'}, {'settled'} or {'closed'}.
local channel, ticket = ARGV[1], ARGV[2]
local known = find_place(channel)
if known then
  if known.ticket ~= ticket then redis.call('HSET', keys.line, shared_field(channel), 1) end
  return { 'joined', known.ticket, known.at }
end
if ARGV[3] == '1' and redis.call('ZSCORE', keys.members, channel) then return { 'settled' } end
if redis.call('HEXISTS', keys.line, 'closed') == 1 then return { 'closed' } end
local count = redis.call('LLEN', keys.places)
if count > 0 and ARGV[4] == '1' then return { 'busy' } end
if count >= tonumber(ARGV[6]) then return { 'full' } end
if is_full(keys.ledger, ARGV[8], LINE_BYTES + PLACE_BYTES + MEMBER_BYTES) then return { 'account-full' } end
local now = now_ms()
redis.call('HSETNX', keys.line, 'createdAt', now)
if ARGV[5] ~= '' then redis.call('HSET', keys.line, 'contactId', ARGV[5]) end
redis.call('RPUSH', keys.places, channel .. ' ' .. ticket .. ' ' .. now .. ' ' .. ARGV[12])
if ARGV[13] ~= '' then redis.call('HSET', keys.line, kept_field(channel), ARGV[13]) end
redis.call('ZADD', keys.members, 'NX', now, channel)
redis.call('ZREMRANGEBYRANK', keys.members, 0, -1 - tonumber(ARGV[7]))
redis.call('ZADD', keys.due, 'LT', string.format('%.0f', tonumber(now) + tonumber(ARGV[10])), ARGV[9])
changed(ARGV[11])
return { 'joined', ticket, now }
