-- ARGV: channel, ticket, least age in ms, unless shared (1 or 0), how long an empty line is kept in ms, whether the conversation forgets the
-- dispatch (1 or 0).
-- Returns 1, or 0 if there is no such place or it stays.
local place = find_place(ARGV[1])
if not place or place.ticket ~= ARGV[2] then return 0 end
if tonumber(now_ms()) - tonumber(place.at) < tonumber(ARGV[3]) then return 0 end
if ARGV[4] == '1' and redis.call('HEXISTS', keys.line, shared_field(ARGV[1])) == 1 then return 0 end
take_out(place, ARGV[1])
if ARGV[6] == '1' then redis.call('ZREM', keys.members, ARGV[1]) end
changed(ARGV[5])
if redis.call('ZCARD', keys.members) == 0 and redis.call('HEXISTS', keys.line, 'transcript') == 0 then
  -- Nothing has ever come of it.
  redis.call('DEL', keys.line)
  hold(keys.ledger, keys.line, 0)
end
return 1
