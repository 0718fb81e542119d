-- KEYS: facts, packed. ARGV: offset and tag of the last fact that was read (0 and empty: none), most bytes.
-- Returns {'page', facts, whether they are the last (1 or 0)}, {'changed'} if that fact is not there any more, or
-- {'packed'} if the log is one value.
if redis.call('EXISTS', KEYS[2]) == 1 then return { 'packed' } end
local after, tag, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
if after ~= '0' then
  local known = redis.call('XRANGE', KEYS[1], after .. '-0', after .. '-0')[1]
  if not known or known[2][6] ~= tag then return { 'changed' } end
end
local page, is_last = facts_page(KEYS[1], after, most)
return { 'page', page, is_last }
