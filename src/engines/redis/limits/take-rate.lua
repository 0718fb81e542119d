-- KEYS: when the account's bucket is full again, in ms. ARGV: ms in which one token is refilled, window in ms.
-- Returns the ms to wait, or nothing.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = at + tonumber(ARGV[1]) - now - tonumber(ARGV[2])
if wait > 0.001 then return string.format('%.3f', wait) end
redis.call('SET', KEYS[1], string.format('%.3f', at + ARGV[1]), 'PX', math.ceil(at + ARGV[1] - now))
return false
