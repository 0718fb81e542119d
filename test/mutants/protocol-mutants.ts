import type { Mutant } from './mutant.ts'

/** The mutants of the protocol's section F; the channel's are made in the scripts, the others where they live. */
export const protocolMutants: readonly Mutant[] = [
  {
    name: 'no seq, in the script',
    edits: [
      { file: 'engines/redis/run/append-run.lua', find: 'if seq <= applied then', replace: 'if false then' },
      {
        file: 'engines/redis/run/append-run.lua',
        find: "plain(run[1]) ~= 'running' or seq ~= applied + 1",
        replace: "plain(run[1]) ~= 'running'",
      },
    ],
    // The fact that ends an iteration is there twice, too.
    inSimulation: {
      redis: 60,
      says: /does not go on where its message ended|is (voided|completed) at|again|usage counts \d+ iterations of/,
    },
    inFleet: { plan: 'forgetful', says: /does not go on where its message ended|is (voided|completed) at|again/ },
  },
  {
    name: 'no seq, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/run-store.ts',
        find: '    if (seq <= run.seq) return applied(loaded)\n',
        replace: '',
      },
      { file: 'engines/sqlite/run/run-store.ts', find: ' || seq !== run.seq + 1', replace: '' },
    ],
    inSimulation: { memory: 300, says: /does not go on where its message ended|is (voided|completed) at|again/ },
  },
  {
    name: 'an ending tells no webhook, in the script',
    edits: [
      {
        file: 'engines/redis/run/run-fields.lua',
        find: "  tell(keys, status, redis.call('HGET', keys.head, 'tag'), at, json)\n",
        replace: '',
      },
    ],
    inSimulation: { redis: 5, says: /its webhook is told nothing/ },
  },
  {
    name: 'no seenOffset at park, in the script',
    edits: [
      {
        file: 'engines/redis/run/park.lua',
        find: "if run[3] or redis.call('XLEN', keys.facts) ~= tonumber(ARGV[3]) then return 'news' end",
        replace: "if run[3] then return 'news' end",
      },
      {
        file: 'engines/redis/run/park.lua',
        find: "if not last or last[2][6] ~= ARGV[4] then return 'news' end",
        replace: '',
      },
    ],
    inSimulation: { redis: 150, says: /hangs: waiting/ },
    inFleet: { plan: 'calm', patience: 6, says: /has not ended/ },
  },
  {
    name: 'no seenOffset at park, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/parking.ts',
        find: ' || log.facts !== seenFacts || log.factTag !== lastTag',
        replace: '',
      },
    ],
    inSimulation: { memory: 500, says: /hangs: waiting/ },
  },
  {
    name: 'fence by number',
    edits: [
      { file: 'worker/worker.ts', find: 'const claim = ids.nonce()', replace: 'let claim: string = ids.nonce()' },
      {
        file: 'worker/worker.ts',
        find: "    if (reply.outcome === 'stale') return 'done'\n",
        replace: "    if (reply.outcome === 'stale') return 'done'\n    claim = String(reply.claimed.attempt)\n",
      },
      {
        file: 'engines/redis/run/claim.lua',
        find: "'claim', ARGV[2]",
        replace: "'claim', string.format('%.0f', attempt)",
      },
      {
        file: 'engines/redis/run/append-run.lua',
        find: 'if run[2] ~= ARGV[1] then',
        replace: 'if not run[2] or tonumber(ARGV[1]) < tonumber(run[2]) then',
      },
    ],
    // Two workers must have drawn one number, which takes a store that went back at the right time.
    inSimulation: {
      redis: 300,
      says: /left half said|is not what its deltas say|does not go on where its message ended|again/,
    },
  },
  {
    name: 'fence by number, that of the job',
    edits: [
      { file: 'worker/worker.ts', find: 'const claim = ids.nonce()', replace: 'const claim = String(job.wake)' },
      {
        file: 'engines/redis/run/append-run.lua',
        find: 'if run[2] ~= ARGV[1] then',
        replace: 'if not run[2] or tonumber(ARGV[1]) < tonumber(run[2]) then',
      },
    ],
    inSimulation: {
      redis: 150,
      says: /left half said|is not what its deltas say|does not go on|again|half a turn|follows the ending/,
    },
    inFleet: {
      plan: 'drowsy',
      says: /left half said|is not what its deltas say|does not go on|again|half a turn|follows the ending/,
      // It refuses whoever is not next, whatever the claim.
      without: [
        {
          file: 'engines/redis/run/append-run.lua',
          find: "plain(run[1]) ~= 'running' or seq ~= applied + 1",
          replace: "plain(run[1]) ~= 'running'",
        },
      ],
    },
  },
  {
    name: 'cursor without tag',
    edits: [
      {
        file: 'engines/redis/channel/read.lua',
        find: "if at_cursor[2][6] ~= tag then return { 'expired', 'tag' } end",
        replace: '',
      },
    ],
    inSimulation: { redis: 100, says: /a watcher: (other text|a cursor of no entry|.* entries missing)/ },
    inFleet: { plan: 'amnesic', says: /watcher \d: (other text|a cursor of no entry|.* entries missing)/ },
  },
  {
    name: 'ending only published',
    edits: [
      {
        file: 'engines/redis/channel/append.lua',
        find: "    redis.call('XADD', keys.log, id, 'k', kind, 'p', payload, 't', tag, 'a', at)\n",
        replace:
          "    if not string.match(kind, '^dispatch%-[cf]') then redis.call('XADD', keys.log, id, 'k', kind, 'p', payload, 't', tag, 'a', at) end\n",
      },
    ],
    inSimulation: { redis: 20, says: /0 endings/ },
    inFleet: { plan: 'calm', says: /0 endings/ },
  },
  {
    name: 'read before SUBSCRIBE is confirmed',
    edits: [
      {
        file: 'channel/follow.ts',
        find: 'const unwatch = await log.watch(key, hear)',
        replace: 'const watching = log.watch(key, hear)',
      },
      {
        file: 'channel/follow.ts',
        find: '      unwatch()\n',
        replace: '      void watching.then((unwatch) => unwatch())\n',
      },
    ],
    inSimulation: { memory: 600, says: /a watcher: ended at \d+ of/ },
    inFleet: {
      plan: 'brief',
      patience: 6,
      says: /has not ended/,
      // It would tell the watcher within two seconds.
      without: [{ file: 'config/timings.ts', find: 'headCheckMs: 1000', replace: 'headCheckMs: 1e9' }],
    },
  },
  {
    name: 'enqueue before the record',
    edits: [
      {
        file: 'dispatch/dispatch.ts',
        find: 'const creation = await create(key, newRun, joining)',
        replace: 'await queue.add({ key, wake: 1 })\n    const creation = await create(key, newRun, joining)',
      },
      {
        file: 'dispatch/dispatch.ts',
        find: '    await enqueue(run)\n    return run\n',
        replace: '    return run\n',
      },
    ],
    inSimulation: { memory: 100, says: /was accepted, but is not in the queue/ },
    inFleet: { plan: 'brief', says: /attempt 1 was waited for/ },
  },
  {
    name: "a turn's facts appended one by one",
    edits: [
      {
        file: 'worker/event-writer.ts',
        find: 'const events = waiting\n      const usage = waitingUsage\n      waiting = []\n',
        replace: 'const events = waiting.splice(0, 1)\n      const usage = waitingUsage\n',
      },
    ],
    inSimulation: { memory: 100, says: /half a turn/ },
    inFleet: { plan: 'calm', says: /half a turn/ },
  },
  {
    name: 'message id reused by a retry',
    edits: [
      {
        file: 'worker/perform-model-call.ts',
        find: '  let spent = spentBefore\n',
        replace: '  let spent = spentBefore\n  const reused: string[] = []\n',
      },
      {
        file: 'worker/perform-model-call.ts',
        find: '        messageId: work.messageId,\n',
        replace:
          '        messageId: (() => { let block = 0; return () => (reused[block++] ??= work.messageId()) })(),\n',
      },
    ],
    inSimulation: { memory: 300, says: /of a message that is voided|does not go on/ },
    inFleet: { plan: 'calm', says: /of a message that is voided|does not go on|and voided/ },
  },
  {
    name: 'trimming by count',
    edits: [
      {
        file: 'engines/redis/channel/append.lua',
        find: "redis.call('XADD', keys.log, id,",
        replace: "redis.call('XADD', keys.log, 'MAXLEN', 12, id,",
      },
    ],
    inSimulation: { redis: 20, says: /offsets are not dense from 1/ },
    inFleet: { plan: 'calm', says: /offsets are not dense from 1/ },
  },
]
