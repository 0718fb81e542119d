-- ARGV: claim, facts seen. Answers 'parked', 'news' or 'lost'.
local run = redis.call('HMGET', keys.run, 'status', 'claim', 'cancel')
if run[2] ~= ARGV[1] or run[1] ~= 'running' then return 'lost' end
if run[3] or redis.call('XLEN', keys.facts) ~= tonumber(ARGV[2]) then return 'news' end
redis.call('HSET', keys.run, 'status', 'waiting')
redis.call('HDEL', keys.run, 'claim')
return 'parked'
