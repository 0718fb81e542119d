-- Included before the scripts of result channels, after append.lua. `keys` come from defineKeyedScript.

local function assign(waiter, message, wait_seconds)
  redis.call('HSET', keys.assigned, waiter, message)
  redis.call('EXPIRE', keys.assigned, wait_seconds)
end

-- Undoes an assignment, if it still holds the message with that tag, and returns the message.
local function take(waiter, tag)
  local message = redis.call('HGET', keys.assigned, waiter)
  if not message or string.sub(message, 1, #tag + 1) ~= tag .. ' ' then return nil end
  redis.call('HDEL', keys.assigned, waiter)
  return message
end
