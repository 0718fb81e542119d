-- ARGV: waiter, early seconds, wait seconds. Answers {next waiter, message as JSON} or {}.
local message = redis.call('HGET', keys.assigned, ARGV[1])
if not message then return {} end
redis.call('HDEL', keys.assigned, ARGV[1])
local waiter = redis.call('LPOP', keys.waiters)
if waiter then
  assign(waiter, message, ARGV[3])
  return { waiter, message }
end
redis.call('LPUSH', keys.early, now_ms() .. ' ' .. message)
redis.call('EXPIRE', keys.early, ARGV[2])
return {}
