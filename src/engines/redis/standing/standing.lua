-- Included before the scripts that change a run, after ledger.lua: what an account has going on, and what became of it lately, as `overview`
-- tells it. Both are written where the run is, in the same script, so a repeated call counts nothing twice.

-- `standing` is a sorted set of the account's channels whose run has not ended, by state and then by the time in ms since which they are in it.
local STATES = { held = 0, queued = 1, running = 2, waiting = 3, paused = 4 }
-- More than any time in ms; five of them stay exact below 2^53.
local STATE_MS = 4398046511104

-- `state` is nil for a run that has ended.
local function stand(standing, run_key, state, since)
  local channel = string.match(run_key, '([%w_-]+)}:run$')
  if not state then return redis.call('ZREM', standing, channel) end
  redis.call('ZADD', standing, string.format('%.0f', STATES[state] * STATE_MS + since), channel)
end

-- `recent` is a hash of sixty fields, one for each minute of an hour: what was used in it, and how many runs have failed, by code.
local function count_recent(recent, tokens, cost, code)
  local minute = math.floor(tonumber(now_ms()) / 60000)
  local field = string.format('%.0f', minute % 60)
  local stored = redis.call('HGET', recent, field)
  local counted = stored and cjson.decode(stored)
  if not counted or counted.minute ~= minute then counted = { minute = minute, tokens = 0, cost = '0', failed = {} } end
  counted.tokens = counted.tokens + tokens
  counted.cost = string.format('%.12f', tonumber(counted.cost) + cost)
  if code then counted.failed[code] = (counted.failed[code] or 0) + 1 end
  redis.call('HSET', recent, field, cjson.encode(counted))
  redis.call('EXPIRE', recent, 3660)
end
