-- ARGV: waiter, early ms, wait seconds. Returns the message as tag, space and JSON, or nothing.
local message = redis.call('HGET', keys.assigned, ARGV[1])
if message then return message end
if redis.call('LPOS', keys.waiters, ARGV[1]) then return false end
while true do
  local early = redis.call('LPOP', keys.early)
  if not early then break end
  local at, kept = string.match(early, '^(%d+) (.*)$')
  if tonumber(now_ms()) - tonumber(at) <= tonumber(ARGV[2]) then
    assign(ARGV[1], kept, ARGV[3])
    return kept
  end
end
redis.call('RPUSH', keys.waiters, ARGV[1])
redis.call('EXPIRE', keys.waiters, ARGV[3])
return false
