-- Included before the scripts that change a run, after ledger.lua. Writes what the account's endpoints are to be told of a run: a
-- notice, and for each endpoint a delivery. All of it happens in the calling script, so what it tells of is never there without it.
-- The constants are those of `webhookBounds`.

local LONGEST_OUTCOME, LONGEST_CALLS, LISTED, KEPT_MS = 65536, 65536, 10000, 432000000

-- What a delivery costs Redis beside its notice: its row, and its places in two lists.
local DELIVERY_BYTES = 600

local EVENT_LETTER = { completed = 'c', failed = 'f', cancelled = 'x', waiting = 'w' }

-- The calls that a run waits for, in no order, as many as fit.
local function told_calls(pending)
  local calls, bytes, is_cut = {}, 0, false
  for _, stored in ipairs(redis.call('HVALS', pending)) do
    local json = string.sub(stored, string.find(stored, '{', 1, true), -1)
    if bytes + #json > LONGEST_CALLS then
      is_cut = true
    else
      bytes = bytes + #json
      calls[#calls + 1] = json
    end
  end
  return '[' .. table.concat(calls, ',') .. ']', is_cut
end

-- `keys`: {topic, head, run, pending, ledger, hooks, deliveries, hooks_due}. `notice` is unique within the channel. `outcome` is JSON, or
-- empty. Does nothing where no enabled endpoint of the account listens for the event. A dispatch with a `webhookId` tells that one only.
local function tell(keys, event, notice, at, outcome)
  local hooks = redis.call('HGETALL', keys.hooks)
  if #hooks == 0 then return end
  local run = redis.call('HMGET', keys.run, 'webhookId', 'conversation', 'meta', 'usage', 'paused')
  local account, channel = string.match(keys.hooks, '{w/(.*)}'), string.match(keys.topic, '/([^/]*)}$')
  local row = '{"event":"' .. event .. '","status":"pending","attempts":0,"attemptsBefore":0,"lastStatusCode":null,"lastError":null,' ..
    '"createdAt":' .. at .. ',"nextAt":' .. at .. '}'
  local count = 0
  for i = 1, #hooks, 2 do
    local webhook = hooks[i]
    if (not run[1] or run[1] == '' or run[1] == webhook) and string.match(hooks[i + 1], '^1%a*' .. EVENT_LETTER[event]) then
      local queue, listed = keys.hooks .. ':queue:' .. webhook, keys.hooks .. ':list:' .. webhook
      local id = channel .. '~' .. notice .. '~' .. webhook
      redis.call('HSET', keys.deliveries, notice .. '~' .. webhook, row)
      redis.call('ZADD', queue, at, id)
      redis.call('ZADD', listed, at, id)
      redis.call('ZREMRANGEBYRANK', listed, 0, -LISTED - 1)
      redis.call('PEXPIRE', listed, KEPT_MS)
      redis.call('ZADD', keys.hooks_due, 'LT', at, account .. '/' .. webhook)
      count = count + 1
    end
  end
  if count == 0 then return end
  local calls, is_cut = '[]', false
  if event == 'waiting' then calls, is_cut = told_calls(keys.pending) end
  local kind, used, allowed = string.match(run[5] or '', '^(%a+) (%S+) (%S+) ')
  local reached = kind and '{"kind":"' .. kind .. '","used":' .. used .. ',"allowed":' .. allowed .. '}' or 'null'
  local is_apart = #outcome > LONGEST_OUTCOME
  local kept = '{"event":"' .. event .. '","at":' .. at .. ',"conversationId":' ..
    (run[2] and '"' .. run[2] .. '"' or 'null') .. ',"meta":' .. (run[3] or 'null') .. ',"outcome":' ..
    ((outcome == '' or is_apart) and 'null' or outcome) .. ',"usage":' .. (run[4] or 'null') .. ',"calls":' .. calls ..
    ',"reachedLimit":' .. reached .. ',"isApart":' .. tostring(is_apart) .. ',"isCut":' .. tostring(is_cut) .. '}'
  redis.call('HSET', keys.deliveries, 'n:' .. notice, kept)
  redis.call('PEXPIRE', keys.deliveries, KEPT_MS)
  local bytes = redis.call('HINCRBY', keys.deliveries, 'bytes', #kept + count * DELIVERY_BYTES)
  hold(keys.ledger, keys.deliveries, tonumber(bytes), string.format('%.0f', tonumber(at) + KEPT_MS))
end

-- Whether a run of this account may come to tell somebody.
local function has_hooks(keys)
  return redis.call('HLEN', keys.hooks) > 0
end

-- Removes what is to be told, and has been told, of a run.
local function forget_deliveries(keys)
  local channel = string.match(keys.topic, '/([^/]*)}$')
  local fields = redis.call('HGETALL', keys.deliveries)
  for i = 1, #fields, 2 do
    local webhook = string.match(fields[i], '~(.*)$')
    if webhook then
      redis.call('ZREM', keys.hooks .. ':queue:' .. webhook, channel .. '~' .. fields[i])
      redis.call('ZREM', keys.hooks .. ':list:' .. webhook, channel .. '~' .. fields[i])
    end
  end
  redis.call('DEL', keys.deliveries)
  hold(keys.ledger, keys.deliveries, 0)
end
