-- ARGV: whether the caller has seen the run held (1 or 0; empty: it has not looked), tag, most messages that wait, max entries, max bytes of a log,
-- max bytes of the account, and of each message its id, digest and JSON. Returns {outcome, record}, {'conflict', place of the message} or
-- {} if there is no run. What was added before is known by its id, and nothing is written for it, also when the run has ended.
local run = redis.call('HMGET', keys.run, 'status', 'added', 'heard')
if not run[1] then return {} end
local added, known, size = {}, {}, 0
for i = 7, #ARGV, 3 do
  local before = redis.call('HGET', keys.answers, added_field(ARGV[i]))
  if before and before ~= ARGV[i + 1] then return { 'conflict', (i - 7) / 3 } end
  if not before then
    added[#added + 1] = ARGV[i + 2]
    known[#known + 1] = added_field(ARGV[i])
    known[#known + 1] = ARGV[i + 1]
    size = size + #ARGV[i + 2] + 1
  end
end
if #added == 0 then return { 'added', record() } end
if ENDED[run[1]] then return { 'ended', record() } end
local is_held = run[1] == 'held' and '1' or '0'
if ARGV[1] ~= '' and ARGV[1] ~= is_held then return { 'changed', record() } end
local count, heard = tonumber(run[2] or '0'), tonumber(run[3] or '0')
if count - heard + #added > tonumber(ARGV[3]) then return { 'too-many', record() } end
local own_entries, own_bytes = own_size(keys)
if own_entries >= tonumber(ARGV[4]) or own_bytes + size > tonumber(ARGV[5]) then return { 'log-full', record() } end
local beside = 0
for _, text in ipairs(known) do beside = beside + #text end
if is_full(keys.ledger, ARGV[6], 2 * size + beside) then return { 'account-full', record() } end
append(keys, '', ARGV[2], { 'messages-added', '{"messages":[' .. table.concat(added, ',') .. ']}' })
redis.call('HSET', keys.answers, unpack(known))
store_beside(keys, beside)
redis.call('HSET', keys.run, 'added', string.format('%.0f', count + #added))
-- A worker of an earlier release does not know that fact. `begin` marks a held run.
if is_held == '0' then redis.call('HSET', keys.run, 'status', marked(plain(run[1]))) end
return { 'added', record() }
