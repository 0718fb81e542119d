-- ARGV: channel, ticket, where the transcript stands or empty, how long an empty line is kept in ms.
-- Returns when that was, or an empty text if that is not the first place.
local place = find_place(ARGV[1])
if not place or place.index ~= 1 or place.ticket ~= ARGV[2] then return '' end
take_out(place, ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', keys.line, 'transcript', ARGV[3]) end
return changed(ARGV[4])
