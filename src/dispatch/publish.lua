-- ARGV: message as JSON, tag, epoch, early seconds, log seconds, wait seconds.
-- Answers {'published', waiter or empty} or {'ended'}.
if redis.call('HGET', keys.head, 'closed') then return { 'ended' } end
-- The reply to this very publication was lost.
local known = redis.call('HGET', keys.recent, ARGV[2])
if known then return { 'published', known } end

append(keys, ARGV[3], ARGV[2], { 'channel-message-published', '{"payload":' .. ARGV[1] .. '}' })
if redis.call('EXISTS', keys.run) == 0 then
  for _, key in ipairs({ keys.log, keys.facts, keys.head }) do redis.call('EXPIRE', key, ARGV[5]) end
end
local waiter = redis.call('LPOP', keys.waiters)
if waiter then
  assign(waiter, ARGV[1], ARGV[6])
else
  redis.call('RPUSH', keys.early, now_ms() .. ' ' .. ARGV[1])
  redis.call('EXPIRE', keys.early, ARGV[4])
end
redis.call('HSET', keys.recent, ARGV[2], waiter or '')
redis.call('EXPIRE', keys.recent, 60)
return { 'published', waiter or '' }
