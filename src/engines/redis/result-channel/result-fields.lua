-- Goes before the scripts of result channels, behind append.lua. KEYS are the same for all of them.
local keys = { log = KEYS[1], facts = KEYS[2], head = KEYS[3], topic = KEYS[4], run = KEYS[5], waiters = KEYS[6],
  assigned = KEYS[7], early = KEYS[8], recent = KEYS[9] }

local function assign(waiter, message, wait_seconds)
  redis.call('HSET', keys.assigned, waiter, message)
  redis.call('EXPIRE', keys.assigned, wait_seconds)
end

-- Undoes a match, if it is still with that message, and answers with it.
local function take(waiter, tag)
  local message = redis.call('HGET', keys.assigned, waiter)
  if not message or string.sub(message, 1, #tag + 1) ~= tag .. ' ' then return nil end
  redis.call('HDEL', keys.assigned, waiter)
  return message
end
