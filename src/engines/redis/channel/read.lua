-- KEYS: log, head, facts, packed. ARGV: epoch, offset, tag (all empty: from the beginning; only the tag empty: it is not compared), max
-- entries (empty: they are not counted), max bytes, longest joined delta. Returns {'absent'}, {'expired', reason}, {'packed'}: the
-- log is one value, or {'page', epoch, last, last tag, closed, position of the first delta that stretches tell of, where it is not their own, or empty,
-- offset, tag, at, kind, payload, stretches before the entry (see append.lua) or empty, offset, ...}. Joins adjacent deltas of
-- one message: they make up most of a long run's log, and each entry that is not sent saves far more than the joining costs.

local epoch, offset, tag = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local max_entries, max_bytes, longest = tonumber(ARGV[4]) or math.huge, tonumber(ARGV[5]), tonumber(ARGV[6])

local head = redis.call('HMGET', KEYS[2], 'epoch', 'last', 'tag', 'closed', 'unsaid')
if not head[1] then
  if epoch == '' then return { 'absent' } end
  return { 'expired', 'absent' }
end
local last = tonumber(head[2])
if epoch ~= '' and epoch ~= head[1] then return { 'expired', 'epoch' } end
if offset > last then return { 'expired', 'beyond' } end
if last > 0 and redis.call('EXISTS', KEYS[1]) == 0 then
  if redis.call('EXISTS', KEYS[4]) == 1 then return { 'packed' } end
  return { 'expired', 'removed' }
end
if offset > 0 and tag ~= '' then
  local id = string.format('%.0f-0', offset)
  local at_cursor = redis.call('XRANGE', KEYS[1], id, id)[1]
  if not at_cursor then return { 'expired', 'removed' } end
  if at_cursor[2][6] ~= tag then return { 'expired', 'tag' } end
end

local page = { 'page', head[1], head[2], head[3], head[4] or '', '' }
local entries, bytes = 0, 0

local function add(at, fields, stretches)
  local n = #page
  page[n + 1] = string.format('%.0f', at)
  page[n + 2], page[n + 3], page[n + 4], page[n + 5], page[n + 6] = fields[6], fields[8], fields[2], fields[4], stretches
  bytes = bytes + #fields[4]
end

-- Reads facts as far as they tell of every delta between them. Returns whether the page is full.
local function add_facts()
  local held, reached = 0, offset
  while reached < last do
    local chunk = redis.call('XRANGE', KEYS[3], string.format('(%.0f-0', reached), '+', 'COUNT', 20)
    if #chunk == 0 then return false end
    for _, entry in ipairs(chunk) do
      if held == 0 and bytes >= max_bytes then return true end
      local at, stretches = tonumber(string.match(entry[1], '^%d+')), entry[2][10]
      if stretches then
        local count, first = string.match(stretches, '^(%d+) %S+ %S+ %d+ (%d+) ')
        if tonumber(first) > reached + 1 then return false end
        held = tonumber(count)
        if tonumber(first) < reached + 1 then
          local delta = redis.call('XRANGE', KEYS[1], string.format('(%.0f-0', reached), '+', 'COUNT', 1)[1]
          page[6] = string.match(delta[2][4], '^%S+ (%d+) ') or ''
        end
      elseif at ~= reached + 1 then
        return false
      end
      add(at, entry[2], stretches or '')
      reached = at
      if held > 0 then held = held - 1 end
      if held == 0 then offset = reached end
    end
  end
  return true
end
-- Before the last fact that does not tell of its deltas, and where an earlier release wrote, the log is read entry by entry.
if max_entries == math.huge and offset >= tonumber(head[5] or '0') and add_facts() then return page end

local open_id, open_kind, open_start, open_length, pieces

local function close_delta()
  if not pieces then return end
  if #pieces > 1 then page[open_start + 4] = pieces[1]:sub(1, -2) .. table.concat(pieces, '', 2) .. '"' end
  pieces = nil
end

while offset < last and entries < max_entries and bytes < max_bytes do
  local chunk = redis.call('XRANGE', KEYS[1], string.format('(%.0f-0', offset), '+', 'COUNT', math.min(200, max_entries - entries))
  if #chunk == 0 then return { 'expired', 'removed' } end
  for _, entry in ipairs(chunk) do
    local fields = entry[2]
    local kind, payload = fields[2], fields[4]
    offset = offset + 1
    local id, text
    if string.sub(kind, -6) == '-delta' then
      id, text = payload:match('^(%S+) %d+ "(.*)"$')
    end
    if id and pieces and id == open_id and kind == open_kind and open_length + #text <= longest then
      pieces[#pieces + 1] = text
      bytes = bytes + #payload
      open_length = open_length + #text
      page[open_start] = string.format('%.0f', offset)
      page[open_start + 1] = fields[6]
      page[open_start + 2] = fields[8]
    else
      close_delta()
      local n = #page
      add(offset, fields, '')
      if id then
        open_id, open_kind, open_start, open_length, pieces = id, kind, n + 1, #text, { payload }
      end
    end
    entries = entries + 1
    if entries >= max_entries or bytes >= max_bytes then break end
  end
end
close_delta()
return page
