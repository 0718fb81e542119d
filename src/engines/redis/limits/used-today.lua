-- Included before the scripts that change what a run has used, after ledger.lua and standing.lua. What an account has used since midnight, UTC, is a hash of `day`
-- (since 1970), `tokens` and `cost`. It is one key for each account, and expires.

local DAY_MS = 86400000

-- `before` and `after` are usages as JSON; nil: none. What a usage grows by is counted where it is stored, in the same script, so a
-- take-over, or a repeated call, counts nothing twice.
local function count_usage(key, recent, before, after)
  local from, to = before and cjson.decode(before) or {}, cjson.decode(after)
  local tokens = to.totalTokens - (from.totalTokens or 0)
  local cost = (to.cost or 0) - (from.cost or 0)
  if tokens <= 0 and cost <= 0 then return end
  count_recent(recent, tokens, cost)
  local day = string.format('%.0f', math.floor(tonumber(now_ms()) / DAY_MS))
  local used = redis.call('HMGET', key, 'day', 'tokens', 'cost')
  local is_today = used[1] == day
  redis.call('HSET', key, 'day', day, 'tokens', string.format('%.0f', (is_today and used[2] or 0) + tokens),
    'cost', string.format('%.12f', (is_today and used[3] or 0) + cost))
  redis.call('EXPIRE', key, 2 * DAY_MS / 1000)
end
