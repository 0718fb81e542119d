-- KEYS: running (sorted set of jobs by the end of their lease), line (sorted set of jobs by arrival, in microseconds).
-- ARGV: command, limit, lease in ms, job, maximum number of jobs to return.
-- `acquire` returns 1 or 0; `release` and `grantable` return the jobs whose turn it is.
local running, line, job = KEYS[1], KEYS[2], ARGV[4]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local function free()
  redis.call('ZREMRANGEBYSCORE', running, '-inf', string.format('%.0f', now))
  return tonumber(ARGV[2]) - redis.call('ZCARD', running)
end

local function lease()
  redis.call('ZADD', running, string.format('%.0f', now + ARGV[3] * 1000), job)
  redis.call('PEXPIRE', running, ARGV[3] * 2)
end

if ARGV[1] == 'renew' then
  lease()
  return 1
end

if ARGV[1] == 'acquire' then
  if not redis.call('ZSCORE', running, job) then
    redis.call('ZADD', line, 'NX', string.format('%.0f', now), job)
    if redis.call('ZRANK', line, job) >= free() then return 0 end
    redis.call('ZREM', line, job)
  end
  lease()
  return 1
end

if ARGV[1] == 'release' then redis.call('ZREM', running, job) end
local count = math.min(free(), tonumber(ARGV[5]))
if count <= 0 then return {} end
return redis.call('ZRANGE', line, 0, count - 1)
