-- `segments` and `holders` are those of its transcript. ARGV: ticket, where its transcript stands or empty, payload of transcript-taken, bytes of the
-- transcript, max bytes of a log, tag, LIMIT_EXCEEDED as JSON, why it ends instead as JSON or empty, no usage as JSON, log seconds, record seconds,
-- its channel, place of the transcript's last segment. Returns the record as it is afterwards.
local run = redis.call('HMGET', keys.run, 'status', 'ticket', 'newer', 'notBefore')
if run[1] ~= 'held' or run[2] ~= ARGV[1] then return record() end
-- Whoever looked may have seen what a store that has gone back has lost: that this place is the first, where the transcript stands, that it has been cut
-- for this run, and the hold.
local function is_as_seen()
  local own = ARGV[12] .. ' ' .. ARGV[1] .. ' '
  if string.sub(redis.call('LINDEX', keys.line_places, 0) or '', 1, #own) ~= own then return false end
  local line = redis.call('HMGET', keys.line, 'transcript', 'upTo ' .. ARGV[12])
  if ARGV[8] == '' and line[2] then return false end
  if ARGV[2] == '' then return true end
  return line[1] == ARGV[2] and redis.call('ZSCORE', keys.holders, ARGV[12]) and redis.call('HEXISTS', keys.segments, 's' .. ARGV[13]) == 1
end
if not is_as_seen() then return record() end
local own = tonumber(redis.call('HGET', keys.head, 'bytes') or '0')
local refusal = ARGV[8]
if refusal == '' and own + tonumber(ARGV[4]) > tonumber(ARGV[5]) then refusal = ARGV[7] end
if refusal ~= '' then
  local at = append(keys, '', ARGV[6], { 'dispatch-failed', '{"error":' .. refusal .. ',"usage":' .. ARGV[9] .. '}' })
  end_run('failed', 'error', refusal, at, ARGV[10], ARGV[11])
  return record()
end
-- A worker of an earlier release knows neither the transcript nor messages that were handed to the run meanwhile, would tell no endpoint, and
-- would not keep its limits.
local is_news = ARGV[2] ~= '' or redis.call('HEXISTS', keys.run, 'added') == 1 or has_hooks(keys) or run[3]
redis.call('HSET', keys.run, 'status', is_news and marked('queued') or 'queued')
stand(keys.standing, keys.run, 'queued', math.max(tonumber(now_ms()), tonumber(run[4]) or 0))
if ARGV[2] ~= '' then
  redis.call('HSET', keys.head, 'transcript', ARGV[2])
  append(keys, '', ARGV[6], { 'transcript-taken', ARGV[3] })
end
return record()
