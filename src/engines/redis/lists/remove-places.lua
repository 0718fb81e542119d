-- KEYS: a sorted set of names by time; of a conversation, its line's places, too. ARGV: a name, the time at which it was seen there or empty; and so on.
-- A name that is newer by now, or that stands in line, was taken again.
local taken = {}
if KEYS[2] then
  for _, place in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do taken[string.match(place, '^%S+')] = true end
end
for i = 1, #ARGV, 2 do
  local at = redis.call('ZSCORE', KEYS[1], ARGV[i])
  local is_newer = at and ARGV[i + 1] ~= '' and tonumber(at) > tonumber(ARGV[i + 1])
  if at and not is_newer and not taken[ARGV[i]] then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
return 1
