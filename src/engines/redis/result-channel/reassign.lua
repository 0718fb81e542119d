-- ARGV: waiter, tag, early seconds, wait seconds. Returns {next waiter, stored message} or {}.
local message = take(ARGV[1], ARGV[2])
if not message then return {} end
local waiter = redis.call('LPOP', keys.waiters)
if waiter then
  assign(waiter, message, ARGV[4])
  return { waiter, message }
end
redis.call('LPUSH', keys.early, now_ms() .. ' ' .. message)
redis.call('EXPIRE', keys.early, ARGV[3])
return {}
