-- ARGV: waiter, tag.
if take(ARGV[1], ARGV[2]) then return 1 end
-- The assignment is gone. If the store has gone back to before it, the message is in `early` and must not reach another call.
for _, early in ipairs(redis.call('LRANGE', keys.early, 0, -1)) do
  if string.match(early, '^%d+ (%S+) ') == ARGV[2] then redis.call('LREM', keys.early, 1, early) end
end
return 0
