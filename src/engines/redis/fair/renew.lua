-- ARGV: place, lease in ms. Returns 1, or 0 if the place holds no job.
if redis.call('HEXISTS', base .. ':places', ARGV[1]) == 0 then return 0 end
redis.call('ZADD', base .. ':leases', whole(now_ms() + tonumber(ARGV[2])), ARGV[1])
return 1
