-- Included before the scripts that read facts. The facts after an offset until they have so many bytes, and whether they are
-- the last ones (1 or 0): a long run's facts in one reply would hold up the server and everybody who reads them.
local function facts_page(key, after, most)
  local page, bytes = {}, 0
  while true do
    local chunk = redis.call('XRANGE', key, '(' .. after .. '-0', '+', 'COUNT', 20)
    for _, entry in ipairs(chunk) do
      if bytes >= most then return page, 0 end
      page[#page + 1] = entry
      bytes = bytes + #entry[2][4]
      after = string.match(entry[1], '^%d+')
    end
    if #chunk < 20 then return page, 1 end
  end
end
