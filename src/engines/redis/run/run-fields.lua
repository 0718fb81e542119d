-- Included before the scripts that change a run, after append.lua and tell.lua. `keys` come from defineKeyedScript.

local ENDED = { completed = true, failed = true, cancelled = true }

-- A status that ends with a plus is that of a run whose log has a kind of fact that earlier releases do not know: their scripts
-- neither claim it nor append to it.
local function plain(status)
  return status and string.gsub(status, '%+$', '') or nil
end

local function marked(status)
  return status .. '+'
end

-- The status that a run changes to, marked if it was.
local function next_status(status, before)
  return plain(before) == before and status or marked(status)
end

-- Field of the answers: the digest of a message that was handed to the run. No call has such an id.
local function added_field(id)
  return 'm ' .. id
end

-- Field of the answers: a raise of the run's limits, by its tag. No call has such an id.
local function raise_field(tag)
  return 'r ' .. tag
end

-- What the record of a run costs beside its result and its meta.
local RECORD_BYTES = 1000

-- `field` is `result` or `error`, depending on how the run ended; `json` is its value. From now on the ledger has exactly what
-- is left, until it expires. The account's endpoints are told.
local function end_run(status, field, json, at, log_seconds, record_seconds)
  redis.call('HSET', keys.run, 'status', status, 'finishedAt', at, 'open', '')
  if json ~= '' then redis.call('HSET', keys.run, field, json) end
  redis.call('HDEL', keys.run, 'paused')
  redis.call('DEL', keys.pending, keys.files)
  for _, key in ipairs({ keys.log, keys.facts, keys.request, keys.answers }) do redis.call('EXPIRE', key, log_seconds) end
  for _, key in ipairs({ keys.head, keys.run }) do redis.call('EXPIRE', key, record_seconds) end
  local stored = redis.call('HMGET', keys.head, 'stored', 'files')
  local left = tonumber(stored[1] or '0') - tonumber(stored[2] or '0')
  hold(keys.ledger, keys.head, left, string.format('%.0f', tonumber(at) + tonumber(log_seconds) * 1000))
  local meta = redis.call('HGET', keys.run, 'meta') or ''
  hold(keys.ledger, keys.run, RECORD_BYTES + #json + #meta, string.format('%.0f', tonumber(at) + tonumber(record_seconds) * 1000))
  stand(keys.standing, keys.run)
  if status == 'failed' then count_recent(keys.recent, 0, 0, cjson.decode(json).code) end
  tell(keys, status, redis.call('HGET', keys.head, 'tag'), at, json)
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
