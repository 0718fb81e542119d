-- KEYS: what the account has used today. Returns tokens and cost as text, and the ms until midnight, UTC.
local now = tonumber(now_ms())
local used = redis.call('HMGET', KEYS[1], 'day', 'tokens', 'cost')
local is_today = used[1] == string.format('%.0f', math.floor(now / DAY_MS))
return { is_today and used[2] or '0', is_today and used[3] or '0', string.format('%.0f', DAY_MS - now % DAY_MS) }
