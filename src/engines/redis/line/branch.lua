-- ARGV: channel, ticket, where the transcript stands from now on, how long an empty line is kept in
-- ms, the conversation as a holder, place of the last segment.
-- Returns 1, or 0 if that is not the first place, its transcript has been cut already, its run is not held, or the list is not kept.
local place = find_place(ARGV[1])
if not place or place.index ~= 1 or place.ticket ~= ARGV[2] then return 0 end
if state_of_run(ARGV[2]) ~= 'held' or not is_kept(ARGV[5], ARGV[6], ARGV[1]) then return 0 end
if redis.call('HDEL', keys.line, kept_field(ARGV[1])) == 0 then return 0 end
redis.call('HSET', keys.line, 'transcript', ARGV[3])
changed(ARGV[4])
return 1
