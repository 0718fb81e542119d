-- ARGV: channel, ticket, where the transcript stands from now on, how long an empty line is kept in ms.
-- Returns 1, or 0 if that is not the first place, or its transcript has been cut already.
local place = find_place(ARGV[1])
if not place or place.index ~= 1 or place.ticket ~= ARGV[2] then return 0 end
if redis.call('HDEL', keys.line, kept_field(ARGV[1])) == 0 then return 0 end
redis.call('HSET', keys.line, 'transcript', ARGV[3])
changed(ARGV[4])
return 1
