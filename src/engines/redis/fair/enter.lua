-- ARGV: provider, job, tokens, patience in ms, limits of providers. Returns the ms to wait; the call is counted if they are no more than the patience.
local limit, now = read_limits(5)[ARGV[1]], now_ms()
if not limit then return '0' end
local tokens = tonumber(ARGV[3])
-- It was counted when its turn came.
if redis.call('HGET', base .. ':counted', ARGV[2]) == ARGV[1] then
  redis.call('HDEL', base .. ':counted', ARGV[2])
  spend(limit, now, 0, tokens)
  return '0'
end
local wait = math.max(0, wait_of(limit, now))
if wait <= tonumber(ARGV[4]) then spend(limit, now, 1, tokens) end
return whole(math.ceil(wait))
