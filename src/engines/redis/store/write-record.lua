-- ARGV: id, whether the record is new (1 or 0), text, whether a meta is given (1 or 0), meta, max records, max bytes, max
-- bytes of the account. Returns {'written', text, meta}, {'full'}, {'missing'} or {'account-full'}.
if redis.call('EXISTS', keys.item) == 0 then return { 'missing' } end
local id, is_new, meta = ARGV[1], ARGV[2] == '1', ARGV[5]
local text_before = redis.call('HGET', keys.texts, id)
if not is_new and not text_before then return { 'missing' } end
local before = 0
if text_before then
  local meta_before = redis.call('HGET', keys.metas, id)
  before = #text_before + #meta_before
  if ARGV[4] == '0' then meta = meta_before end
elseif redis.call('ZCARD', keys.order) >= tonumber(ARGV[6]) then
  return { 'full' }
end
local growth = #ARGV[3] + #meta - before
local bytes = tonumber(redis.call('HGET', keys.item, 'bytes') or '0')
if growth > 0 and bytes + growth > tonumber(ARGV[7]) then return { 'full' } end
if has_no_room(ARGV[8], growth + (text_before and 0 or RECORD_BYTES)) then return { 'account-full' } end
if text_before then
  redis.call('HSET', keys.texts, id, ARGV[3])
  redis.call('HSET', keys.metas, id, meta)
  count_bytes(growth)
else
  add_record(id, ARGV[3], meta)
end
touch()
hold_item()
return { 'written', ARGV[3], meta }
