-- Included before every script that stores for an account. An account's ledger says what it holds: a hash of names and
-- bytes with their sum, and a sorted set of the names by the time in ms at which they expire. A name is the key that expires.
-- An entry is replaced, never added to: it says what its key is now, so repeating a call changes nothing.

local function now_ms()
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end

-- The ledger itself expires with the last of its entries, unless one stays until it is deleted.
local function expire_with_last(ledger)
  local last = redis.call('ZRANGE', ledger.ends, -1, -1, 'WITHSCORES')[2]
  for _, key in ipairs({ ledger.held, ledger.ends }) do
    if last == 'inf' then redis.call('PERSIST', key) end
    if last and last ~= 'inf' then redis.call('PEXPIRE', key, string.format('%.0f', math.max(1, last - now_ms()))) end
    if not last then redis.call('DEL', key) end
  end
end

-- `until_ms` is '+inf' for what stays until it is deleted.
local function hold(ledger, name, bytes, until_ms)
  local before = tonumber(redis.call('HGET', ledger.held, name) or '0')
  if bytes > 0 then
    redis.call('HSET', ledger.held, name, string.format('%.0f', bytes))
    redis.call('ZADD', ledger.ends, until_ms, name)
  else
    redis.call('HDEL', ledger.held, name)
    redis.call('ZREM', ledger.ends, name)
  end
  redis.call('HINCRBY', ledger.held, 'total', string.format('%.0f', bytes - before))
  expire_with_last(ledger)
end

-- What has expired is no longer held. Returns how many entries that were.
local function drop_expired(ledger, most)
  local expired = redis.call('ZRANGE', ledger.ends, '-inf', now_ms(), 'BYSCORE', 'LIMIT', 0, most)
  for _, name in ipairs(expired) do hold(ledger, name, 0) end
  return #expired
end

-- Whether the account would hold more than `limit` bytes (0: no limit) if it grew by so many. A call adds two entries at
-- most and drops more than that, so expired entries do not pile up.
local function is_full(ledger, limit, growth)
  limit = tonumber(limit)
  if limit == 0 then return false end
  drop_expired(ledger, 10)
  for _ = 1, 50 do
    if tonumber(redis.call('HGET', ledger.held, 'total') or '0') + growth <= limit then return false end
    if drop_expired(ledger, 100) == 0 then return true end
  end
  return true
end
