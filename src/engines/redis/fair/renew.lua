-- ARGV: place, attempt, lease in ms. Returns 1, or 0 if the place holds no job, or is a later attempt's.
if redis.call('HEXISTS', base .. ':places', ARGV[1]) == 0 or is_late(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZADD', base .. ':leases', whole(now_ms() + tonumber(ARGV[3])), ARGV[1])
return 1
