-- ARGV: place, the limit of every account, limits of providers. Returns 1 if a job of BullMQ is to be added, else 0.
local held, limits, now = held_by(ARGV[1]), read_limits(3), now_ms()
if held then
  let_go(ARGV[1], held, limits, now)
  redis.call('HDEL', base .. ':traces', held.job)
  seat_everywhere(held.account, tonumber(ARGV[2]))
end
return mint(limits, now)
