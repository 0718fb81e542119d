-- KEYS: standing and recent of an account. Returns now in ms, how many runs are held, queued, running, waiting and paused, since when the first of the
-- queued has been able to begin, in ms, or empty, and the minutes of `recent` as JSON.
local now = tonumber(now_ms())
local function from(state)
  return string.format('%.0f', STATES[state] * STATE_MS)
end
local function count(state)
  return redis.call('ZCOUNT', KEYS[1], from(state), string.format('(%.0f', (STATES[state] + 1) * STATE_MS))
end
local reply = { string.format('%.0f', now), count('held'), count('queued'), count('running'), count('waiting'), count('paused') }
local first = redis.call('ZRANGE', KEYS[1], from('queued'), string.format('%.0f', STATES.queued * STATE_MS + now), 'BYSCORE',
  'LIMIT', 0, 1, 'WITHSCORES')[2]
reply[7] = first and string.format('%.0f', first - STATES.queued * STATE_MS) or ''
reply[8] = redis.call('HVALS', KEYS[2])
return reply
