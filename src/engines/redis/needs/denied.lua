-- ARGV: calls as JSON. Returns the place of each call that the user may not make, and what Redis says of it. Carries out
-- none: those that are permitted are not made, and those that are not are refused.
local denied = {}
for place, call in ipairs(cjson.decode(ARGV[1])) do
  local is_known, is_permitted = pcall(redis.acl_check_cmd, unpack(call))
  if not is_known or not is_permitted then
    local reply = redis.pcall(unpack(call))
    denied[#denied + 1] = place
    denied[#denied + 1] = type(reply) == 'table' and reply.err or ''
  end
end
return denied
