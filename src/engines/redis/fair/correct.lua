-- ARGV: provider, tokens more than were estimated, limits of providers.
local limit = read_limits(3)[ARGV[1]]
if limit then spend(limit, now_ms(), 0, tonumber(ARGV[2])) end
return 1
