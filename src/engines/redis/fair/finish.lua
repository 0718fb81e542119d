-- ARGV: place, attempt, the limit of every account, limits of providers. Returns 1 if a job of BullMQ is to be added, else 0.
local held, limits, now = held_by(ARGV[1]), read_limits(4), now_ms()
if held and not is_late(held, ARGV[2]) then
  let_go(ARGV[1], held, limits, now)
  redis.call('HDEL', base .. ':traces', held.job)
  seat_everywhere(held.account, tonumber(ARGV[3]))
end
return mint(limits, now)
