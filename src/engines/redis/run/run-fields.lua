-- Included before the scripts that change a run, after append.lua. All of them have the same KEYS.
local keys = { log = KEYS[1], facts = KEYS[2], head = KEYS[3], topic = KEYS[4], run = KEYS[5], request = KEYS[6],
  pending = KEYS[7], answers = KEYS[8], files = KEYS[9] }

local ENDED = { completed = true, failed = true, cancelled = true }

-- `field` is `result` or `error`, depending on how the run ended; `json` is its value.
local function end_run(status, field, json, at, log_seconds, record_seconds)
  redis.call('HSET', keys.run, 'status', status, 'finishedAt', at, 'open', '')
  if json ~= '' then redis.call('HSET', keys.run, field, json) end
  redis.call('DEL', keys.pending, keys.files)
  for _, key in ipairs({ keys.log, keys.facts, keys.request, keys.answers }) do redis.call('EXPIRE', key, log_seconds) end
  for _, key in ipairs({ keys.head, keys.run }) do redis.call('EXPIRE', key, record_seconds) end
end

-- Adds the entries that discard unfinished messages.
local function add_discards(entries, open)
  for id in string.gmatch(open or '', '[^,]+') do
    entries[#entries + 1] = 'message-discarded'
    entries[#entries + 1] = '{"messageId":"' .. id .. '"}'
  end
end

local function record()
  local head = redis.call('HMGET', keys.head, 'epoch', 'last', 'tag')
  return { redis.call('HGETALL', keys.run), head[1] or '', head[2] or '0', head[3] or '' }
end
