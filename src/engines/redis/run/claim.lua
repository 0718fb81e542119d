-- ARGV: wake, claim, tag, loss limit, WORKER_LOST as JSON, no usage as JSON, log seconds, record seconds, most bytes of facts.
-- Returns {'stale'}, {'early'}, {'lost'} if that ended the run, or {'claimed', attempt, open, request, cancellation as JSON or empty, losses, the first facts,
-- whether they are all (1 or 0)}.
local run = redis.call('HMGET', keys.run, 'status', 'wake', 'claim', 'attempt', 'lost', 'usage', 'open', 'model', 'cancel',
  'notBefore')
local status, attempt, lost = plain(run[1]), tonumber(run[4]), tonumber(run[5])
if not status or run[2] ~= ARGV[1] then return { 'stale' } end

local function claimed()
  return { 'claimed', string.format('%.0f', attempt), run[7] or '', redis.call('GET', keys.request) or '',
    run[9] or '', string.format('%.0f', lost), facts_page(keys.facts, '0', tonumber(ARGV[9])) }
end

-- This claim was applied before, and its reply was lost.
if status == 'running' and run[3] == ARGV[2] then return claimed() end
if status == 'running' then
  lost = lost + 1
elseif status ~= 'queued' then
  return { 'stale' }
elseif attempt == 0 and tonumber(now_ms()) < (tonumber(run[10]) or 0) then
  return { 'early' }
end

if lost > tonumber(ARGV[4]) then
  local payload = '{"error":' .. ARGV[5] .. ',"usage":' .. (run[6] or ARGV[6]) .. '}'
  local events = {}
  add_discards(events, run[7])
  events[#events + 1] = 'dispatch-failed'
  events[#events + 1] = payload
  local at = append(keys, '', ARGV[3], events)
  redis.call('HDEL', keys.run, 'claim')
  end_run('failed', 'error', ARGV[5], at, ARGV[7], ARGV[8])
  return { 'lost' }
end

attempt = attempt + 1
local at = append(keys, '', ARGV[3],
  { 'dispatch-started', '{"attempt":' .. string.format('%.0f', attempt) .. ',"model":' .. cjson.encode(run[8]) .. '}' })
redis.call('HSET', keys.run, 'status', next_status('running', run[1]), 'claim', ARGV[2], 'attempt', string.format('%.0f', attempt),
  'lost', string.format('%.0f', lost), 'seq', 0)
redis.call('HSETNX', keys.run, 'startedAt', at)
stand(keys.standing, keys.run, 'running', at)
return claimed()
