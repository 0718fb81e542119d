-- ARGV: message as JSON, tag, epoch, early seconds, log seconds, wait seconds, max entries and max bytes of all publications,
-- messages kept, max bytes of the account. Returns {'published', waiter or empty}, {'ended'}, {'full'} or {'account-full'}.
local head = redis.call('HMGET', keys.head, 'closed', 'published', 'publishedBytes')
if head[1] then return { 'ended' } end
-- This publication was applied before, and its reply was lost.
for _, known in ipairs(redis.call('LRANGE', keys.publications, 0, -1)) do
  local tag, waiter = string.match(known, '^(%S*) (.*)$')
  if tag == ARGV[2] then return { 'published', waiter } end
end
local payload = '{"payload":' .. ARGV[1] .. '}'
if tonumber(head[2] or '0') >= tonumber(ARGV[7]) or tonumber(head[3] or '0') + #payload > tonumber(ARGV[8]) then
  return { 'full' }
end
-- Twice as a fact, and once for the call that it answers.
if is_full(keys.ledger, ARGV[10], 3 * #payload + 2 * ENTRY_BYTES) then return { 'account-full' } end

redis.call('HINCRBY', keys.head, 'published', 1)
redis.call('HINCRBY', keys.head, 'publishedBytes', #payload)
append(keys, ARGV[3], ARGV[2], { 'channel-message-published', payload })
store_beside(keys, #payload)
if redis.call('EXISTS', keys.run) == 0 then
  for _, key in ipairs({ keys.log, keys.facts, keys.head }) do redis.call('EXPIRE', key, ARGV[5]) end
  local stored = tonumber(redis.call('HGET', keys.head, 'stored'))
  hold(keys.ledger, keys.head, stored, string.format('%.0f', tonumber(now_ms()) + tonumber(ARGV[5]) * 1000))
end
local message = ARGV[2] .. ' ' .. ARGV[1]
local waiter = redis.call('LPOP', keys.waiters)
if waiter then
  assign(waiter, message, ARGV[6])
else
  redis.call('RPUSH', keys.early, now_ms() .. ' ' .. message)
  redis.call('LTRIM', keys.early, -tonumber(ARGV[9]), -1)
  redis.call('EXPIRE', keys.early, ARGV[4])
end
redis.call('LPUSH', keys.publications, ARGV[2] .. ' ' .. (waiter or ''))
redis.call('LTRIM', keys.publications, 0, tonumber(ARGV[9]) - 1)
redis.call('EXPIRE', keys.publications, 60)
return { 'published', waiter or '' }
