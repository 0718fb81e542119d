-- ARGV: place, attempt, lease in ms. Returns 1, or 0 if the place holds no job, or is a later attempt's.
local held = held_by(ARGV[1])
if not held or is_late(held, ARGV[2]) then return 0 end
redis.call('ZADD', base .. ':leases', whole(now_ms() + tonumber(ARGV[3])), ARGV[1])
return 1
