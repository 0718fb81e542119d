-- ARGV: claim, seq, facts seen, tag of the last of them. Returns 'parked', 'news' or 'lost'.
local run = redis.call('HMGET', keys.run, 'status', 'claim', 'cancel', 'seq')
if run[2] ~= ARGV[1] or plain(run[1]) ~= 'running' then return 'lost' end
-- The store has gone back to before this worker's last append.
if run[4] ~= ARGV[2] then return 'lost' end
if run[3] or redis.call('XLEN', keys.facts) ~= tonumber(ARGV[3]) then return 'news' end
-- The count is the same, but the last fact differs: the store lost what others wrote, and something else took its place.
local last = redis.call('XREVRANGE', keys.facts, '+', '-', 'COUNT', 1)[1]
if not last or last[2][6] ~= ARGV[4] then return 'news' end
redis.call('HSET', keys.run, 'status', next_status('waiting', run[1]))
redis.call('HDEL', keys.run, 'claim')
tell(keys, 'waiting', ARGV[4], now_ms(), '')
return 'parked'
