-- KEYS: the form. ARGV: the form that this release writes, the oldest form whose releases read that. Returns 0, or the form of
-- the data where this release may not work on them; it changes nothing then. A number never goes back.
local written = tonumber(redis.call('HGET', KEYS[1], 'written') or '0')
local readable_by = tonumber(redis.call('HGET', KEYS[1], 'readableBy') or '0')
if readable_by > tonumber(ARGV[1]) then return written end
if written < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'written', ARGV[1]) end
if readable_by < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'readableBy', ARGV[2]) end
return 0
