import type { Mutant } from './mutant.ts'

/** Rules beyond the list of section F, for `npm run test:mutants`. */
export const moreMutants: readonly Mutant[] = [
  {
    name: 'what is told stands in no line, in the script',
    edits: [{ file: 'engines/redis/webhook/tell.lua', find: "      redis.call('ZADD', queue, at, id)\n", replace: '' }],
    inSimulation: { redis: 5, says: /not what is in the line to be sent/ },
    inFleet: { plan: 'talks', seconds: 10, says: /was never told dispatch/ },
  },
  {
    name: 'an ending by force tells no webhook, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/run-store.ts',
        find: '    telling.tell(key, ended, {\n',
        replace: "    if (ending.type !== 'dispatch-cancelled') telling.tell(key, ended, {\n",
      },
    ],
    inSimulation: { memory: 100, says: /its webhook is told nothing/ },
  },
  {
    name: 'a run completes over messages that came meanwhile, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/run-store.ts',
        find: "    if (heard !== undefined && heard !== run.added) return { outcome: 'news' }\n",
        replace: '',
      },
    ],
    inSimulation: { memory: 300, says: /no model was asked with|a model was asked with|a model call begins after/ },
  },
  {
    name: 'a message that comes again is added again, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/add-messages.ts',
        find: '(_message, index) => known[index] === null',
        replace: '() => true',
      },
      {
        file: 'engines/sqlite/run/pending.ts',
        find: "INSERT INTO pending VALUES (?, ?, '', ?)",
        replace: "INSERT OR REPLACE INTO pending VALUES (?, ?, '', ?)",
      },
      { file: 'dispatch/add-messages.ts', find: '!known?.digests.has(id)', replace: 'id !== null' },
    ],
    inSimulation: { memory: 100, says: /was added twice/ },
  },
  {
    name: 'a run completes over messages that came meanwhile, in the script',
    edits: [
      {
        file: 'engines/redis/run/append-run.lua',
        find: "if ARGV[14] ~= '' and ARGV[14] ~= (run[5] or '0') then return { 'news' } end\n",
        replace: '',
      },
    ],
    inSimulation: { redis: 300, says: /no model was asked with|a model was asked with/ },
    inFleet: { plan: 'talks', seconds: 30, says: /no model was asked with all/ },
  },
  {
    name: 'an answer is taken twice',
    edits: [
      {
        file: 'engines/redis/run/settle.lua',
        find: "if answer then return { answer == ARGV[3] and 'repeated' or 'conflict', record() } end",
        replace: '',
      },
      { file: 'engines/redis/run/settle.lua', find: "redis.call('HDEL', keys.pending, ARGV[1])\n", replace: '' },
    ],
    inSimulation: { redis: 60, says: /is answered again|hangs/ },
  },
  {
    name: 'an ending leaves calls that can be answered',
    edits: [
      { file: 'engines/redis/run/run-fields.lua', find: "redis.call('DEL', keys.pending, keys.files)", replace: '' },
    ],
    inSimulation: { redis: 100, says: /of an ended run can still be answered/ },
  },
  {
    name: 'a message is matched, but not written down',
    edits: [
      {
        file: 'engines/redis/result-channel/result-fields.lua',
        find: "redis.call('HSET', keys.assigned, waiter, message)\n",
        replace: '',
      },
    ],
    inSimulation: { redis: 300, says: /of \d+ messages, calls had/ },
  },
  {
    name: 'a run that waits for a message that was lost with the store waits for ever',
    edits: [
      {
        file: 'dispatch/answer.ts',
        find: 'if (!isOver && resultChannelId !== null) {',
        replace: 'if (Date.now() < 0 && resultChannelId !== null) {',
      },
    ],
    inSimulation: { redis: 400, says: /was swallowed/ },
  },
  {
    name: 'a worker goes on from an answer that the store has lost',
    edits: [{ file: 'engines/redis/run/append-run.lua', find: "if ARGV[12] ~= '' then", replace: 'if false then' }],
    inSimulation: { redis: 300, says: /the model is asked at \d+ before|the model was told/ },
  },
  {
    name: 'whoever has something to come puts the look off',
    edits: [
      {
        file: 'engines/redis/schedule/due-list.ts',
        find: "redis.zadd(listKey, 'LT', at",
        replace: 'redis.zadd(listKey, at',
      },
    ],
    inSimulation: { redis: 30, says: /nobody looks at it/ },
  },
  {
    name: 'an equal message is the same answer',
    edits: [{ file: 'dispatch/answer.ts', find: 'digest: tag ?? digest(outcome)', replace: 'digest: digest(outcome)' }],
    inSimulation: { redis: 400, says: /of \d+ messages, calls had/ },
  },
  {
    name: 'the follower does not look at heads',
    edits: [{ file: 'channel/head-check.ts', find: 'member.fallBehind()', replace: 'void member' }],
    inSimulation: { memory: 300, says: /a watcher: ended at \d+ of/ },
  },
]
