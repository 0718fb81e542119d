-- ARGV: id, handle or empty, max bytes of the account, content (see write_content). Returns {'written', item}, {'taken', id of
-- the other} or {'account-full'}.
-- This creation was applied before, and its reply was lost.
if redis.call('EXISTS', keys.item) == 1 then return { 'written', redis.call('HGETALL', keys.item) } end
if ARGV[2] ~= '' then
  local other = redis.call('HGET', keys.handles, ARGV[2])
  if other then return { 'taken', other } end
end
if has_no_room(ARGV[3], ITEM_BYTES + content_growth(4, false)) then return { 'account-full' } end
if ARGV[2] ~= '' then redis.call('HSET', keys.handles, ARGV[2], ARGV[1]) end
local place = redis.call('INCR', keys.counter)
local at = string.format('%.0f', now_ms())
redis.call('ZADD', keys.index, place, ARGV[1])
redis.call('HSET', keys.item, 'id', ARGV[1], 'place', place, 'handle', ARGV[2], 'createdAt', at, 'updatedAt', at)
write_content(4)
hold_item()
return { 'written', redis.call('HGETALL', keys.item) }
