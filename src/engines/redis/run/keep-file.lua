-- ARGV: claim, file id, content.
local run = redis.call('HMGET', keys.run, 'status', 'claim')
if plain(run[1]) == 'running' and run[2] == ARGV[1] and redis.call('HSETNX', keys.files, ARGV[2], ARGV[3]) == 1 then
  redis.call('HINCRBY', keys.head, 'files', #ARGV[3])
  store_beside(keys, #ARGV[3])
end
return 1
