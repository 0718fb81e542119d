-- ARGV: place, attempt, lease in ms, the limit of every account, limits of providers. Returns {1 if a job of BullMQ is to be added, job, traceparent or empty,
-- ms that it stood in line}, with 0 or 1 alone where nobody has a turn, or the place is a later attempt's. A place that holds a job keeps it.
local place, attempt, default, limits, now = ARGV[1], ARGV[2], tonumber(ARGV[4]), read_limits(5), now_ms()
local lease = whole(now + tonumber(ARGV[3]))
local held = held_by(place)
if held then
  if is_late(held, attempt) then return { 0 } end
  held.attempt = attempt
  hold_at(place, held)
  redis.call('ZADD', base .. ':leases', lease, place)
  return { 0, held.job, redis.call('HGET', base .. ':traces', held.job) or '', held.waited }
end
local state = redis.call('HMGET', base, 'tokens', 'now')
if tonumber(state[1] or '0') > 0 then redis.call('HINCRBY', base, 'tokens', -1) end

local best, open = next_seat(limits, now)
-- The limit of an account may have become lower since it took its seat.
while best and not has_room(best.account, default) do
  for _, provider in ipairs(redis.call('SMEMBERS', base .. ':providers')) do unseat(provider, best.account) end
  best, open = next_seat(limits, now)
end
if not best then return { 0 } end

local account = best.account
local provider, member, score
for _, each in ipairs(open) do
  local head = redis.call('ZRANGE', line_of(each .. '/' .. account), 0, 0, 'WITHSCORES')
  if head[1] and (not member or tonumber(head[2]) < tonumber(score)) then
    provider, member, score = each, head[1], head[2]
  end
end
local line = line_of(provider .. '/' .. account)
local job = account .. '/' .. member
local joined = redis.call('ZSCORE', base .. ':queued', job) or whole(now)
local waited = whole(math.max(0, now - tonumber(joined)))
redis.call('ZREM', line, member)
redis.call('ZREM', base .. ':queued', job)
if redis.call('EXISTS', line) == 0 then redis.call('SREM', base .. ':lines', provider .. '/' .. account) end
hold_at(place, { attempt = attempt, score = score, joined = joined, waited = waited, provider = provider, job = job })
redis.call('HSET', base .. ':taken', job, place)
redis.call('ZADD', base .. ':leases', lease, place)
redis.call('HINCRBY', base .. ':running', account, 1)
if limits[provider] then
  spend(limits[provider], now, 1, 0)
  redis.call('HSET', base .. ':counted', job, provider)
end

-- A seat that its provider's limits have held up for long gives one turn, not all that it has missed.
local at = math.max(best.at, tonumber(state[2] or '0'))
local _, weight = share_of(account, default)
redis.call('HSET', base, 'now', whole(at))
redis.call('ZADD', base .. ':tags', whole(at + math.floor(TURN / weight)), account)
for _, each in ipairs(redis.call('SMEMBERS', base .. ':providers')) do
  unseat(each, account)
  seat(each, account, default)
end
redis.call('ZREMRANGEBYSCORE', base .. ':tags', '-inf', whole(at))
return { mint(limits, now), job, redis.call('HGET', base .. ':traces', job) or '', waited }
