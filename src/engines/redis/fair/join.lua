-- ARGV: account, the job within it, provider or empty, since in ms or empty, priority, the account's share (limit or nothing, a space, weight),
-- traceparent or empty, the limit of every account. Returns 1 if a job of BullMQ is to be added, else 0.
local account, provider, default = ARGV[1], ARGV[3], tonumber(ARGV[8])
local job = account .. '/' .. ARGV[2]
if redis.call('ZSCORE', base .. ':queued', job) or redis.call('HEXISTS', base .. ':taken', job) == 1 then return 0 end
if (redis.call('HGET', base .. ':shares', account) or ' 1') ~= ARGV[6] then
  if ARGV[6] == ' 1' then redis.call('HDEL', base .. ':shares', account) else redis.call('HSET', base .. ':shares', account, ARGV[6]) end
end
shares[account] = ARGV[6]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
-- By priority, then by time in sixteenths of a ms; those of a line in order of arrival, sixteen in a ms. A score stays exact below 2^53.
local sixteenth = math.floor(tonumber(time[2]) % 1000 / 62.5)
local since = math.max(0, (tonumber(ARGV[4]) or now) - 1735689600000)
local score = (100 - tonumber(ARGV[5])) * 2199023255552 + since
local first, most = score + (ARGV[4] == '' and sixteenth or 0) / 16, score + 0.9375
local before = redis.call('ZRANGE', line_of(provider .. '/' .. account), string.format('%.4f', most), string.format('%.4f', first), 'BYSCORE', 'REV',
  'LIMIT', 0, 1, 'WITHSCORES')[2]
score = string.format('%.4f', before and math.min(tonumber(before) + 0.0625, most) or first)
add_to_line(provider, account, job, score, whole(now))
if ARGV[7] ~= '' then redis.call('HSET', base .. ':traces', job, ARGV[7]) end
-- Over its limit the account has no seat: whoever finishes one of its jobs adds the next.
if not seat(provider, account, default) then return 0 end
redis.call('HINCRBY', base, 'tokens', 1)
return 1
