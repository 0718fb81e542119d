-- ARGV: the place after which the page begins, how many. Returns id, place, text, meta, id, ...
local found = redis.call('ZRANGE', keys.order, '(' .. ARGV[1], '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local page = {}
for i = 1, #found, 2 do
  local id, at = found[i], #page
  page[at + 1], page[at + 2] = id, found[i + 1]
  page[at + 3], page[at + 4] = redis.call('HGET', keys.texts, id), redis.call('HGET', keys.metas, id)
end
return page
