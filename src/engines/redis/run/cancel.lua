-- ARGV: cancellation as JSON, forced (1 or 0), tag, no usage as JSON, log seconds, record seconds.
-- Returns {record} as it is afterwards, or {} if there is no run.
local run = redis.call('HMGET', keys.run, 'status', 'open', 'usage')
if not run[1] then return {} end
if ENDED[run[1]] then return { record() } end
if plain(run[1]) == 'running' and ARGV[2] ~= '1' then
  redis.call('HSETNX', keys.run, 'cancel', ARGV[1])
  return { record() }
end
local events = {}
add_discards(events, run[2])
events[#events + 1] = 'dispatch-cancelled'
-- The cancellation is {"reason": ...}. The usage is inserted before its closing brace.
events[#events + 1] = ARGV[1]:sub(1, -2) .. ',"usage":' .. (run[3] or ARGV[4]) .. '}'
local at = append(keys, '', ARGV[3], events)
redis.call('HDEL', keys.run, 'claim')
end_run('cancelled', '', '', at, ARGV[5], ARGV[6])
return { record() }
