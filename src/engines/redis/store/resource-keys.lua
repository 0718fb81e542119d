-- Included before every script of the store, after ledger.lua. `keys` come from defineKeyedScript.

-- Strictly increasing, even for changes within one millisecond.
local function touch()
  local at = math.max(tonumber(now_ms()), tonumber(redis.call('HGET', keys.item, 'updatedAt')) + 1)
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

-- What a resource and a record cost beside their content: places in sets, names of fields.
local ITEM_BYTES, RECORD_BYTES = 400, 200

-- Tells the account's ledger what the resource holds now.
local function hold_item()
  local bytes = ITEM_BYTES + RECORD_BYTES * redis.call('ZCARD', keys.order)
  local fields = redis.call('HGETALL', keys.item)
  for i = 1, #fields, 2 do
    bytes = bytes + #fields[i] + #fields[i + 1]
    if fields[i] == 'bytes' then bytes = bytes + tonumber(fields[i + 1]) end
  end
  hold(keys.ledger, keys.item, bytes, '+inf')
end

-- By how much the content (see write_content) is larger than what it replaces.
local function content_growth(first, replaces_records)
  local growth = 0
  local at = first + 1
  for _ = 1, tonumber(ARGV[first]) do
    growth = growth + #ARGV[at + 1] - #(redis.call('HGET', keys.item, ARGV[at]) or '')
    at = at + 2
  end
  for i = at, #ARGV, 3 do growth = growth + RECORD_BYTES + #ARGV[i + 1] + #ARGV[i + 2] end
  if not replaces_records then return growth end
  return growth - tonumber(redis.call('HGET', keys.item, 'bytes') or '0') - RECORD_BYTES * redis.call('ZCARD', keys.order)
end

-- Whether the account has no room for more than it holds. What does not grow always has room.
local function has_no_room(limit, growth)
  return growth > 0 and is_full(keys.ledger, limit, growth)
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
