-- Included before every script that appends, after ledger.lua. Writes entries to a channel's log, counts them in its head and
-- publishes them. All of it happens in the calling script, so a reader sees everything or nothing.

-- Larger publications carry offsets only: big payloads would fill the pub/sub buffers.
local LARGEST_PUBLICATION = 65536

-- What an entry costs Redis beside its payload, as measured: its tag, time and place.
local ENTRY_BYTES = 64

-- What a log costs beside its entries, as measured: its keys, and the blocks that two streams take before they are full.
local LOG_BYTES = 6000

-- `stored` is what the log, and what lies beside it, holds. The account's ledger has it in steps, so that most appends touch
-- the channel's own keys alone. Returns whether the ledger has grown.
local function reserve(keys, stored, reserved)
  if stored <= reserved then return false end
  reserved = math.floor(stored + math.min(65536, math.max(4096, stored / 4)))
  redis.call('HSET', keys.head, 'reserved', string.format('%.0f', reserved))
  hold(keys.ledger, keys.head, reserved, '+inf')
  return true
end

-- Counts bytes that lie beside the log: what a request, a call or a message holds.
local function store_beside(keys, bytes)
  local stored = tonumber(redis.call('HINCRBY', keys.head, 'stored', string.format('%.0f', bytes)))
  return reserve(keys, stored, tonumber(redis.call('HGET', keys.head, 'reserved') or '0'))
end

-- A stretch: deltas of one message, one after the other, that readers may have as one. As long as `longestJoinedDelta`.
local LONGEST_STRETCH = 16384

-- Longer messages are read from their deltas, so that a reader who does not read never holds one whole. Bytes.
local LONGEST_SAID = 131072

-- How many of the entries from `i` on are needed to have the texts of all stretches in `said`. Nil: they are not there, because
-- a message was discarded or somebody published in the middle of it; or they are too long.
local function entries_with_texts(entries, i, said)
  local missing, count, bytes = {}, 0, 0
  for id in string.gmatch(said, '(%S+) %S+ %d+ %d+ %d+ %S+ %d+') do
    if not missing[id] then missing[id], count = true, count + 1 end
  end
  for j = i, #entries, 2 do
    bytes = bytes + #entries[j + 1]
    if bytes > LONGEST_SAID or string.sub(entries[j], -6) == '-delta' then return nil end
    local id = entries[j] == 'message-completed' and string.match(entries[j + 1], '^{"message":{"id":"([^"\\]*)"')
    if id and missing[id] then missing[id], count = nil, count - 1 end
    if count == 0 then return (j - i) / 2 + 1 end
  end
  return nil
end

-- `keys`: {log, facts, head, topic, ledger}. `entries`: {kind, payload, kind, payload, ...}. `epoch` is that of a new log.
-- A fact that comes after deltas tells of their stretches in `d`: how many facts, itself included, have their texts, and for each
-- stretch its message, kind, position, first and last offset, and tag and time of the last. So a log can be read without them.
-- Returns at, whether the account's ledger has grown, last, and entries and payload bytes of the run's own: what others publish
-- has a share of its own.
local function append(keys, epoch, tag, entries)
  local head = redis.call('HMGET', keys.head, 'epoch', 'last', 'tag', 'bytes', 'stored', 'reserved', 'published',
    'publishedBytes', 'stretch', 'said')
  local previous_tag = head[3] or ''
  local last = tonumber(head[2] or '0')
  local bytes = tonumber(head[4] or '0')
  local stored = tonumber(head[5] or '0')
  local at = now_ms()
  if not head[1] then
    redis.call('HSET', keys.head, 'epoch', epoch)
    stored = stored + LOG_BYTES
  else
    epoch = head[1]
  end
  local first = last + 1
  local size = 0
  local closed = false
  -- The stretch that goes on at the end of the log, and those that have ended since the last fact.
  local stretch, said = head[9] or '', head[10] or ''
  local message, stretch_kind, position = string.match(stretch, '^(%S+) (%S+) (%d+) ')
  local function end_stretch()
    if not message then return end
    local end_tag, end_at = tag, at
    if last == first then
      end_tag = previous_tag
      end_at = redis.call('XRANGE', keys.log, string.format('%.0f-0', last - 1), '+', 'COUNT', 1)[1][2][8]
    end
    said = said .. (said == '' and '' or ' ') .. stretch .. ' ' .. string.format('%.0f', last - 1) .. ' ' .. end_tag .. ' ' .. end_at
    stretch, message = '', nil
  end
  for i = 1, #entries, 2 do
    local kind, payload = entries[i], entries[i + 1]
    last = last + 1
    local id = string.format('%.0f-0', last)
    redis.call('XADD', keys.log, id, 'k', kind, 'p', payload, 't', tag, 'a', at)
    stored = stored + #payload + ENTRY_BYTES
    if string.sub(kind, -6) == '-delta' then
      local of, from = string.match(payload, '^(%S+) (%d+) ')
      if of ~= message or kind ~= stretch_kind or from - position + #payload > LONGEST_STRETCH then
        end_stretch()
        message, stretch_kind, position = of, kind, from
        stretch = of .. ' ' .. kind .. ' ' .. from .. ' ' .. string.format('%.0f', last)
      end
    else
      end_stretch()
      local count = said ~= '' and entries_with_texts(entries, i, said)
      if count then
        redis.call('XADD', keys.facts, id, 'k', kind, 'p', payload, 't', tag, 'a', at, 'd', count .. ' ' .. said)
        stored = stored + #said
      else
        redis.call('XADD', keys.facts, id, 'k', kind, 'p', payload, 't', tag, 'a', at)
        if said ~= '' then redis.call('HSET', keys.head, 'unsaid', string.format('%.0f', last)) end
      end
      said = ''
      stored = stored + #payload + ENTRY_BYTES
    end
    size = size + #payload
    closed = closed or kind == 'dispatch-completed' or kind == 'dispatch-failed' or kind == 'dispatch-cancelled'
  end
  bytes = bytes + size
  redis.call('HSET', keys.head, 'last', string.format('%.0f', last), 'tag', tag, 'bytes', string.format('%.0f', bytes),
    'stored', string.format('%.0f', stored))
  if stretch ~= (head[9] or '') or said ~= (head[10] or '') then
    redis.call('HSET', keys.head, 'stretch', stretch, 'said', said)
  end
  if closed then redis.call('HSET', keys.head, 'closed', '1') end
  local publication = { epoch, previous_tag, string.format('%.0f', first), string.format('%.0f', last), tag, at }
  if size <= LARGEST_PUBLICATION then
    for i = 1, #entries do publication[6 + i] = entries[i] end
  end
  redis.call('PUBLISH', keys.topic, table.concat(publication, '\31'))
  local has_grown = reserve(keys, stored, tonumber(head[6] or '0'))
  return at, has_grown, last, last - tonumber(head[7] or '0'), bytes - tonumber(head[8] or '0')
end

-- As append returns them.
local function own_size(keys)
  local head = redis.call('HMGET', keys.head, 'last', 'bytes', 'published', 'publishedBytes')
  return tonumber(head[1] or '0') - tonumber(head[3] or '0'), tonumber(head[2] or '0') - tonumber(head[4] or '0')
end
