-- ARGV: claim, seq, facts seen, tag of the last of them, and for a run that a limit pauses, else
-- empty: what pauses it, tag, payload of dispatch-paused, usage as JSON. Returns 'parked', 'news' or 'lost'.
local run = redis.call('HMGET', keys.run, 'status', 'claim', 'cancel', 'seq', 'usage')
if run[2] ~= ARGV[1] or plain(run[1]) ~= 'running' then return 'lost' end
-- The store has gone back to before this worker's last append.
if run[4] ~= ARGV[2] then return 'lost' end
if run[3] or redis.call('XLEN', keys.facts) ~= tonumber(ARGV[3]) then return 'news' end
-- The count is the same, but the last fact differs: the store lost what others wrote, and something else took its place.
local last = redis.call('XREVRANGE', keys.facts, '+', '-', 'COUNT', 1)[1]
if not last or last[2][6] ~= ARGV[4] then return 'news' end
redis.call('HSET', keys.run, 'status', next_status('waiting', run[1]))
redis.call('HDEL', keys.run, 'claim')
stand(keys.standing, keys.run, ARGV[5] == '' and 'waiting' or 'paused', now_ms())
local notice = ARGV[4]
if ARGV[5] ~= '' then
  append(keys, '', ARGV[6], { 'dispatch-paused', ARGV[7] })
  count_usage(keys.used_today, keys.recent, run[5], ARGV[8])
  redis.call('HSET', keys.run, 'status', marked('waiting'), 'paused', ARGV[5], 'usage', ARGV[8])
  notice = ARGV[6]
end
tell(keys, 'waiting', notice, now_ms(), '')
return 'parked'
