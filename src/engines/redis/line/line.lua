-- Included before the scripts of conversations' lines, after ledger.lua. They use one conversation's keys, and the account's ledger;
-- `keys` come from defineKeyedScript. `line` is a hash, `places` a list, `members` a sorted set of all dispatches that have joined,
-- by the time at which they did.

-- What a line, a place and a member cost, about.
local LINE_BYTES = 600
local PLACE_BYTES = 150
local MEMBER_BYTES = 120

-- The place of a channel as it is stored: channel, ticket, when it joined, what becomes of those before it or a minus.
local function find_place(channel)
  for index, text in ipairs(redis.call('LRANGE', keys.places, 0, -1)) do
    local of, ticket, at = string.match(text, '^(%S+) (%S+) (%d+) %S+$')
    if of == channel then return { index = index, text = text, ticket = ticket, at = at } end
  end
  return nil
end

-- Field of the line: several callers know the ticket of this place.
local function shared_field(channel)
  return 'shared ' .. channel
end

-- Field of the line: up to which message the transcript is to be kept when the turn of this place comes.
local function kept_field(channel)
  return 'upTo ' .. channel
end

-- For scripts that move the line on: `segments` and `holders` are those of the list on which the conversation is to stand, `run` is that of the place.
-- A store that has gone back may have lost any of them since somebody looked.

-- Whether the conversation holds that list, and the last segment, at this place, is this dispatch's.
local function is_kept(holder, at, channel)
  return redis.call('ZSCORE', keys.holders, holder) and redis.call('HGET', keys.segments, 'o' .. at) == channel
end

-- Of the run for which there is a place with this ticket: 'held', 'begun' or 'ended'; or 'none'.
local function state_of_run(ticket)
  local run = redis.call('HMGET', keys.run, 'ticket', 'finishedAt', 'status')
  if run[1] ~= ticket then return 'none' end
  return run[2] and 'ended' or run[3] == 'held' and 'held' or 'begun'
end

local function take_out(place, channel)
  redis.call('LREM', keys.places, 1, place.text)
  redis.call('HDEL', keys.line, shared_field(channel), kept_field(channel))
end

-- After each change. An empty line is kept for so long.
local function changed(keep_ms)
  local now = now_ms()
  redis.call('HSET', keys.line, 'updatedAt', now)
  local count = redis.call('LLEN', keys.places)
  local bytes = LINE_BYTES + PLACE_BYTES * count + MEMBER_BYTES * redis.call('ZCARD', keys.members)
  if count > 0 then
    redis.call('PERSIST', keys.line)
    redis.call('PERSIST', keys.members)
    hold(keys.ledger, keys.line, bytes, '+inf')
  else
    redis.call('PEXPIRE', keys.line, keep_ms)
    redis.call('PEXPIRE', keys.members, keep_ms)
    hold(keys.ledger, keys.line, bytes, string.format('%.0f', tonumber(now) + tonumber(keep_ms)))
  end
  redis.call('PUBLISH', keys.topic, now)
  return now
end
