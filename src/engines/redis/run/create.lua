-- `segments` and `holders` are those of the transcript that it continues, `line_places` that of its line, if it has one. ARGV: digest, model, not before, created at, request, epoch, tag, payload of dispatch-queued, bot id
-- or empty, contact id or empty, the run's name in the due list, the time of the first look, its channel, max bytes of a log,
-- max bytes of the account, the conversation, ticket and the time in ms by which it must be created, or empty, where its transcript stands (see engines/transcript.ts) or empty, and of that transcript's last
-- segment: its place in the list, the dispatch that said it, its text, and '1' if the text is left out; or empty four times; then the endpoint that alone is told, `meta` as JSON, and the priority, or empty;
-- then more fields of the record, each with its value. Returns {'created', epoch, last}, whose record is what was
-- sent; {'exists' or 'conflict', record}; {'log-full'}; {'account-full'}; {'late'}; {'elsewhere'}: another dispatch's segment has that
-- place, or the list has gone; or {'text'}: the list has no such segment, and its text was left out.
-- All of it is one script, so a store that goes back holds either everything or nothing.
local stored = redis.call('HGET', keys.run, 'digest')
if stored then
  return { stored == ARGV[1] and 'exists' or 'conflict', record() }
end
-- The place in its conversation's line may be given up by now, or lost by a store that has gone back, with what it wishes.
local function has_place()
  local own = ARGV[13] .. ' ' .. ARGV[17] .. ' '
  for _, place in ipairs(redis.call('LRANGE', keys.line_places, 0, -1)) do
    if string.sub(place, 1, #own) == own then return true end
  end
  return false
end
if ARGV[16] ~= '' and (tonumber(now_ms()) > tonumber(ARGV[18]) or not has_place()) then return { 'late' } end
-- The list may have the segment already, from another dispatch that continues the same one.
local segments, holders, at = keys.segments, keys.holders, tonumber(ARGV[20])
local transcript_bytes, grows = 0, false
if ARGV[19] ~= '' then
  local length = tonumber(redis.call('HGET', segments, 'length') or '0')
  grows = length == at
  if grows and ARGV[23] == '1' then return { 'text' } end
  if not grows and redis.call('HGET', segments, 'o' .. at) ~= ARGV[21] then return { 'elsewhere' } end
  transcript_bytes = tonumber(redis.call('HGET', segments, 'b' .. (grows and at - 1 or at)) or '0') + (grows and #ARGV[22] or 0)
end
if transcript_bytes + #ARGV[8] > tonumber(ARGV[14]) then return { 'log-full' } end
-- The first entry is a fact, so its payload is stored twice.
local growth = LOG_BYTES + 2 * (#ARGV[8] + ENTRY_BYTES) + #ARGV[5] + #ARGV[25] + (grows and #ARGV[22] + SEGMENT_BYTES or 0)
if is_full(keys.ledger, ARGV[15], growth) then return { 'account-full' } end

if ARGV[19] ~= '' then
  if grows then
    redis.call('HSET', segments, 's' .. at, ARGV[22], 'o' .. at, ARGV[21], 'b' .. at, string.format('%.0f', transcript_bytes),
      'length', at + 1)
  end
  redis.call('ZADD', holders, '+inf', ARGV[13])
  keep_transcript(keys.ledger, segments, holders)
  redis.call('HSET', keys.head, 'transcript', ARGV[19])
end
local epoch = redis.call('HGET', keys.head, 'epoch')
if epoch then
  -- Messages that were published before the run existed do not expire while it runs.
  for _, key in ipairs({ keys.log, keys.facts, keys.head }) do redis.call('PERSIST', key) end
  redis.call('HDEL', keys.head, 'reserved')
end
-- Appending reserves room for the request and meta too.
redis.call('HINCRBY', keys.head, 'stored', #ARGV[5] + #ARGV[25])
local _, _, last = append(keys, ARGV[6], ARGV[7], { 'dispatch-queued', ARGV[8] })
redis.call('SET', keys.request, ARGV[5])
redis.call('HSET', keys.run, 'status', 'queued', 'wake', 1, 'attempt', 0, 'lost', 0, 'seq', 0, 'open', '',
  'digest', ARGV[1], 'model', ARGV[2], 'notBefore', ARGV[3], 'createdAt', ARGV[4],
  'botId', ARGV[9], 'contactId', ARGV[10])
for i = 27, #ARGV, 2 do
  redis.call('HSET', keys.run, ARGV[i], ARGV[i + 1])
  -- A worker of an earlier release would not keep its limits.
  if ARGV[i] == 'newer' then redis.call('HSET', keys.run, 'status', marked('queued')) end
end
if ARGV[16] ~= '' then
  redis.call('HSET', keys.run, 'status', 'held', 'conversation', ARGV[16], 'ticket', ARGV[17])
elseif has_hooks(keys) then
  -- A worker of an earlier release would tell no endpoint.
  redis.call('HSET', keys.run, 'status', marked('queued'))
end
if ARGV[24] ~= '' then redis.call('HSET', keys.run, 'webhookId', ARGV[24]) end
if ARGV[25] ~= '' then redis.call('HSET', keys.run, 'meta', ARGV[25]) end
if ARGV[26] ~= '' then redis.call('HSET', keys.run, 'priority', ARGV[26]) end
stand(keys.standing, keys.run, ARGV[16] ~= '' and 'held' or 'queued', math.max(tonumber(now_ms()), tonumber(ARGV[3]) or 0))
redis.call('ZADD', keys.due, 'LT', ARGV[12], ARGV[11])
redis.call('ZADD', keys.index, ARGV[4], ARGV[13])
return { 'created', epoch or ARGV[6], last }
