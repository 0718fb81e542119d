-- ARGV: waiter, tag.
if take(ARGV[1], ARGV[2]) then return 1 end
-- No match any more: the store may have gone back to before it, and the message be there for another call.
for _, early in ipairs(redis.call('LRANGE', keys.early, 0, -1)) do
  if string.match(early, '^%d+ (%S+) ') == ARGV[2] then redis.call('LREM', keys.early, 1, early) end
end
return 0
