-- ARGV: id, whether the handle changes (1 or 0), the new handle or empty, whether the records are replaced (1 or 0),
-- the `updatedAt` that it must still have or empty, max bytes of the account, content (see write_content). Returns {'written',
-- item}, {'taken', id of the other}, {'missing'}, {'stale'} or {'account-full'}.
local handle = redis.call('HGET', keys.item, 'handle')
if not handle then return { 'missing' } end
if ARGV[5] ~= '' and redis.call('HGET', keys.item, 'updatedAt') ~= ARGV[5] then return { 'stale' } end
if ARGV[2] == '1' and ARGV[3] ~= handle then
  if ARGV[3] ~= '' then
    local other = redis.call('HGET', keys.handles, ARGV[3])
    if other then return { 'taken', other } end
  end
end
if has_no_room(ARGV[6], content_growth(7, ARGV[4] == '1')) then return { 'account-full' } end
if ARGV[2] == '1' and ARGV[3] ~= handle then
  if ARGV[3] ~= '' then redis.call('HSET', keys.handles, ARGV[3], ARGV[1]) end
  if handle ~= '' then redis.call('HDEL', keys.handles, handle) end
  redis.call('HSET', keys.item, 'handle', ARGV[3])
end
if ARGV[4] == '1' then
  redis.call('UNLINK', keys.texts, keys.metas, keys.order)
  redis.call('HDEL', keys.item, 'bytes')
end
write_content(7)
touch()
hold_item()
return { 'written', redis.call('HGETALL', keys.item) }
