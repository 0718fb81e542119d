-- ARGV: jobs of BullMQ that wait, the limit of every account, ms in which one process sweeps, limits of providers. Returns 1 if a job of
-- BullMQ is to be added, else 0.
if not redis.call('SET', base .. ':swept', '1', 'NX', 'PX', ARGV[3]) then return 0 end
local default, limits, now = tonumber(ARGV[2]), read_limits(4), now_ms()
-- The worker has died, and BullMQ has lost its job: another place takes it, from where it stood.
for _, place in ipairs(redis.call('ZRANGE', base .. ':leases', '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, 1000)) do
  local held = held_by(place)
  if held then
    let_go(place, held, limits, now)
    add_to_line(held.provider, held.account, held.job, held.score, held.joined)
  else
    redis.call('ZREM', base .. ':leases', place)
  end
end
-- A limit may have become higher.
for _, name in ipairs(redis.call('SMEMBERS', base .. ':lines')) do
  local provider, account = string.match(name, '^([^/]*)/(.*)$')
  seat(provider, account, default)
end
-- Whoever was to add one may have died.
redis.call('HSET', base, 'tokens', ARGV[1])
return mint(limits, now)
