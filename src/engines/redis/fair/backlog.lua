-- ARGV: limits of providers. Returns {jobs in line, jobs in hand, ms that the first has stood there or empty, provider, its jobs that wait for its limits, ...}.
local limits, now = read_limits(1), now_ms()
local first = redis.call('ZRANGE', base .. ':queued', 0, 0, 'WITHSCORES')
local told = { redis.call('ZCARD', base .. ':queued'), redis.call('HLEN', base .. ':places'),
  first[2] and whole(math.max(0, now - tonumber(first[2]))) or '' }
local waiting = {}
for _, name in ipairs(redis.call('SMEMBERS', base .. ':lines')) do
  local provider = string.match(name, '^([^/]*)/')
  if limits[provider] and wait_of(limits[provider], now) > 0 then
    waiting[provider] = (waiting[provider] or 0) + redis.call('ZCARD', line_of(name))
  end
end
for provider, count in pairs(waiting) do
  told[#told + 1] = provider
  told[#told + 1] = count
end
return told
