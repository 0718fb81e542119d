-- ARGV: file id, content.
local status = redis.call('HGET', keys.run, 'status')
if status and not ENDED[status] and redis.call('HSET', keys.files, ARGV[1], ARGV[2]) == 1 then
  redis.call('HINCRBY', keys.head, 'files', #ARGV[2])
  store_beside(keys, #ARGV[2])
end
return 1
