-- ARGV: channel, ticket, where the transcript stands from now on or empty, how long an empty line is
-- kept in ms, the conversation as a holder, place of the last segment.
-- Returns when that was, or an empty text if that is not the first place, its run has not ended, or the list is not kept.
local place = find_place(ARGV[1])
if not place or place.index ~= 1 or place.ticket ~= ARGV[2] then return '' end
if state_of_run(ARGV[2]) ~= 'ended' then return '' end
if ARGV[3] ~= '' and not is_kept(ARGV[5], ARGV[6], ARGV[1]) then return '' end
take_out(place, ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', keys.line, 'transcript', ARGV[3]) end
return changed(ARGV[4])
