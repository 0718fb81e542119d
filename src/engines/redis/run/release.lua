-- ARGV: claim. Returns 1, or 0 if another worker holds the claim.
local run = redis.call('HMGET', keys.run, 'status', 'claim')
if run[2] ~= ARGV[1] or plain(run[1]) ~= 'running' then return 0 end
redis.call('HSET', keys.run, 'status', next_status('queued', run[1]))
redis.call('HDEL', keys.run, 'claim')
stand(keys.standing, keys.run, 'queued', now_ms())
return 1
