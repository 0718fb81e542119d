-- Included before every script that appends. Writes entries to a channel's log, counts them in its head and publishes
-- them. All of it happens in the calling script, so a reader sees everything or nothing.

local function now_ms()
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end

-- Larger publications carry offsets only: big payloads would fill the pub/sub buffers.
local LARGEST_PUBLICATION = 65536

-- `keys`: {log, facts, head, topic}. `entries`: {kind, payload, kind, payload, ...}. `epoch` is that of a new log.
-- Returns last, bytes, at.
local function append(keys, epoch, tag, entries)
  local head = redis.call('HMGET', keys.head, 'epoch', 'last', 'tag', 'bytes')
  local previous_tag = head[3] or ''
  local last = tonumber(head[2] or '0')
  local bytes = tonumber(head[4] or '0')
  local at = now_ms()
  if not head[1] then
    redis.call('HSET', keys.head, 'epoch', epoch)
  else
    epoch = head[1]
  end
  local first = last + 1
  local size = 0
  local closed = false
  for i = 1, #entries, 2 do
    local kind, payload = entries[i], entries[i + 1]
    last = last + 1
    local id = string.format('%.0f-0', last)
    redis.call('XADD', keys.log, id, 'k', kind, 'p', payload, 't', tag, 'a', at)
    if string.sub(kind, -6) ~= '-delta' then
      redis.call('XADD', keys.facts, id, 'k', kind, 'p', payload, 't', tag, 'a', at)
    end
    size = size + #payload
    closed = closed or kind == 'dispatch-completed' or kind == 'dispatch-failed' or kind == 'dispatch-cancelled'
  end
  bytes = bytes + size
  redis.call('HSET', keys.head, 'last', string.format('%.0f', last), 'tag', tag, 'bytes', string.format('%.0f', bytes))
  if closed then redis.call('HSET', keys.head, 'closed', '1') end
  local publication = { epoch, previous_tag, string.format('%.0f', first), string.format('%.0f', last), tag, at }
  if size <= LARGEST_PUBLICATION then
    for i = 1, #entries do publication[6 + i] = entries[i] end
  end
  redis.call('PUBLISH', keys.topic, table.concat(publication, '\31'))
  return last, bytes, at
end
