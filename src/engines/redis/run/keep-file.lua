-- ARGV: file id, content.
local status = redis.call('HGET', keys.run, 'status')
if status and not ENDED[status] then redis.call('HSET', keys.files, ARGV[1], ARGV[2]) end
return 1
