-- Included before every script of the store. All of them have the same KEYS.
local keys = { item = KEYS[1], index = KEYS[2], handles = KEYS[3], counter = KEYS[4], texts = KEYS[5], metas = KEYS[6],
  order = KEYS[7] }

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Strictly increasing, even for changes within one millisecond.
local function touch()
  local at = math.max(now_ms(), tonumber(redis.call('HGET', keys.item, 'updatedAt')) + 1)
  redis.call('HSET', keys.item, 'updatedAt', string.format('%.0f', at))
end

-- `size` may be negative.
local function count_bytes(size)
  redis.call('HINCRBY', keys.item, 'bytes', size)
end

local function add_record(id, text, meta)
  local place = redis.call('HINCRBY', keys.item, 'lastRecord', 1)
  redis.call('ZADD', keys.order, place, id)
  redis.call('HSET', keys.texts, id, text)
  redis.call('HSET', keys.metas, id, meta)
  count_bytes(#text + #meta)
end

-- From ARGV[first]: the number of fields, then name, value, name, value, ...; then the records: id, text, meta, id, ...
local function write_content(first)
  local at = first + 1
  for _ = 1, tonumber(ARGV[first]) do
    redis.call('HSET', keys.item, ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  for i = at, #ARGV, 3 do add_record(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end
