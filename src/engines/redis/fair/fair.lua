-- Included before the scripts of the fair queue: whose turn it is, by start-time fair queueing. All keys begin with KEYS[1], which has a
-- hash tag, and is itself a hash: `now` (the virtual time), `seq` (of seats), `tokens` (jobs of BullMQ that are on their way to a place).
-- A job is account/channel:wake. For each provider that jobs name ('' for those that name none):
--   line:<provider>/<account>  sorted set of jobs, the next one first    ring:<provider>  sorted set of seats by virtual time
-- An account has a seat in a ring while it has a job in that line, and room for another one in hand. A seat is the account with a
-- number before it, so that those of one time come in order.
--   seats (hash, provider/account -> seat)   lines (set of provider/account)   providers (set)   queued (jobs by arrival, in ms)
--   places (hash, place -> what it holds, after the attempt, its fencing token)    leases (places by the end of their lease, in ms)    taken (hash, job -> place)
--   running (hash, account -> jobs in hand)  tags (accounts by the virtual time of their next turn, if it is to come)
--   shares (hash, account -> limit and weight)  traces (hash, job -> traceparent)  counted (hash, job -> provider whose request it has)
--   limit:<bucket> (hash: `requests` and `tokens`, the theoretical arrival times, in ms)
local base = KEYS[1]
-- A turn of weight 1, in virtual time.
local TURN = 1000

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function whole(number)
  return string.format('%.0f', number)
end

local function line_of(name)
  return base .. ':line:' .. name
end

local function ring_of(provider)
  return base .. ':ring:' .. provider
end

-- ARGV from `first`: provider, bucket, ms each request, ms of requests at once, ms each token, ms of tokens at once; and so on.
local function read_limits(first)
  local limits = {}
  for i = first, #ARGV, 6 do
    limits[ARGV[i]] = { bucket = base .. ':limit:' .. ARGV[i + 1], request = tonumber(ARGV[i + 2]),
      requests_ahead = tonumber(ARGV[i + 3]), token = tonumber(ARGV[i + 4]), tokens_ahead = tonumber(ARGV[i + 5]) }
  end
  return limits
end

-- How long a provider's limits are used up, in ms.
local function wait_of(limit, now)
  if not limit then return 0 end
  local at = redis.call('HMGET', limit.bucket, 'requests', 'tokens')
  local wait = 0
  if limit.request > 0 then wait = math.max(wait, tonumber(at[1] or '0') - limit.requests_ahead - now) end
  if limit.token > 0 then wait = math.max(wait, tonumber(at[2] or '0') - limit.tokens_ahead - now) end
  -- Times are kept in thousandths of a ms, so that two calls of one ms may be apart by the rounding.
  return math.floor(wait)
end

local function spend(limit, now, requests, tokens)
  local function move(field, ms)
    local at = tonumber(redis.call('HGET', limit.bucket, field) or '0')
    redis.call('HSET', limit.bucket, field, string.format('%.3f', math.max(at, now) + ms))
  end
  if limit.request > 0 and requests ~= 0 then move('requests', requests * limit.request) end
  if limit.token > 0 and tokens ~= 0 then move('tokens', tokens * limit.token) end
  redis.call('PEXPIRE', limit.bucket, 3600000)
end

-- Read once in a script.
local shares = {}

local function share_of(account, default)
  shares[account] = shares[account] or redis.call('HGET', base .. ':shares', account) or ''
  local limit, weight = string.match(shares[account], '^(%d*) (%d+)$')
  return tonumber(limit or '') or default, tonumber(weight or '1')
end

local function has_room(account, default)
  local limit = share_of(account, default)
  return limit == 0 or tonumber(redis.call('HGET', base .. ':running', account) or '0') < limit
end

-- Takes a seat if the account has a job there and room for it. Returns whether it has one.
local function seat(provider, account, default)
  local name = provider .. '/' .. account
  if redis.call('HEXISTS', base .. ':seats', name) == 1 then return true end
  if redis.call('EXISTS', line_of(name)) == 0 or not has_room(account, default) then return false end
  local at = math.max(tonumber(redis.call('HGET', base, 'now') or '0'), tonumber(redis.call('ZSCORE', base .. ':tags', account) or '0'))
  local member = string.format('%016d', redis.call('HINCRBY', base, 'seq', 1)) .. account
  redis.call('ZADD', ring_of(provider), whole(at), member)
  redis.call('HSET', base .. ':seats', name, member)
  return true
end

local function unseat(provider, account)
  local name = provider .. '/' .. account
  local member = redis.call('HGET', base .. ':seats', name)
  if not member then return end
  redis.call('ZREM', ring_of(provider), member)
  redis.call('HDEL', base .. ':seats', name)
end

local function seat_everywhere(account, default)
  for _, provider in ipairs(redis.call('SMEMBERS', base .. ':providers')) do seat(provider, account, default) end
end

-- The seat whose turn it is among the providers that can be asked now, and those providers; nothing if nobody has a turn.
local function next_seat(limits, now)
  local best, open = nil, {}
  for _, provider in ipairs(redis.call('SMEMBERS', base .. ':providers')) do
    if wait_of(limits[provider], now) <= 0 then
      open[#open + 1] = provider
      local head = redis.call('ZRANGE', ring_of(provider), 0, 0, 'WITHSCORES')
      local at = tonumber(head[2] or '0')
      if head[1] and (not best or at < best.at or (at == best.at and head[1] < best.member)) then
        best = { at = at, member = head[1], account = string.sub(head[1], 17) }
      end
    end
  end
  return best, open
end

-- A job of BullMQ is to be added: somebody has a turn, and none is on its way. Returns 1 or 0.
local function mint(limits, now)
  if tonumber(redis.call('HGET', base, 'tokens') or '0') > 0 or not next_seat(limits, now) then return 0 end
  redis.call('HSET', base, 'tokens', 1)
  return 1
end

local function add_to_line(provider, account, job, score, joined)
  redis.call('SADD', base .. ':providers', provider)
  redis.call('SADD', base .. ':lines', provider .. '/' .. account)
  redis.call('ZADD', line_of(provider .. '/' .. account), score, string.sub(job, #account + 2))
  redis.call('ZADD', base .. ':queued', joined, job)
end

-- What a place holds, as take.lua wrote it.
local function held_by(place)
  local held = redis.call('HGET', base .. ':places', place)
  if not held then return nil end
  local attempt, score, joined, waited, provider, job = string.match(held, '^(%S+) (%S+) (%S+) (%S+) (%S*) (%S+)$')
  return { attempt = attempt, score = score, joined = joined, waited = waited, provider = provider, job = job, account = string.match(job, '^[^/]+') }
end

local function hold_at(place, held)
  redis.call('HSET', base .. ':places', place, string.format('%s %s %s %s %s %s', held.attempt, held.score, held.joined, held.waited,
    held.provider, held.job))
end

-- Whether another worker has taken the place over since.
local function is_late(held, attempt)
  return tonumber(held.attempt) > tonumber(attempt)
end

local function let_go(place, held, limits, now)
  redis.call('HDEL', base .. ':places', place)
  redis.call('ZREM', base .. ':leases', place)
  redis.call('HDEL', base .. ':taken', held.job)
  if redis.call('HINCRBY', base .. ':running', held.account, -1) <= 0 then redis.call('HDEL', base .. ':running', held.account) end
  -- A request that was counted when its turn came, and never made.
  local counted = redis.call('HGET', base .. ':counted', held.job)
  if counted then
    redis.call('HDEL', base .. ':counted', held.job)
    if limits[counted] then spend(limits[counted], now, -1, 0) end
  end
end
