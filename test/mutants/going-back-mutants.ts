import type { TestedMutant } from './fair-mutants.ts'

const file = 'test/engines/redis/redis-goes-back.test.ts'
const says = /FAIL .*whatever Redis loses/

/** What a script looks at before it moves a conversation on, for whoever has seen what a store that went back has lost. */
export const goingBackMutants: readonly TestedMutant[] = [
  {
    name: 'a run begins with a transcript that it does not hold',
    edits: [
      {
        file: 'engines/redis/run/begin.lua',
        find: "redis.call('ZSCORE', keys.holders, ARGV[12]) and",
        replace: 'true or',
      },
    ],
    file,
    says,
  },
  {
    name: 'a run begins before its place is the first',
    edits: [
      {
        file: 'engines/redis/run/begin.lua',
        find: "if string.sub(redis.call('LINDEX', keys.line_places, 0) or '', 1, #own) ~= own then return false end",
        replace: '',
      },
    ],
    file,
    says,
  },
  {
    name: 'a run begins before the transcript is cut for it',
    edits: [
      {
        file: 'engines/redis/run/begin.lua',
        find: "if ARGV[8] == '' and line[2] then return false end",
        replace: '',
      },
    ],
    file,
    says,
  },
  {
    name: 'a conversation comes to stand on a list that is not kept',
    edits: [
      {
        file: 'engines/redis/line/line.lua',
        find: "return redis.call('ZSCORE', keys.holders, holder) and redis.call('HGET', keys.segments, 'o' .. at) == channel",
        replace: 'return true',
      },
    ],
    file,
    says,
  },
  {
    name: 'a run is created whose place is gone',
    edits: [{ file: 'engines/redis/run/create.lua', find: 'or not has_place()', replace: '' }],
    file,
    says,
  },
  {
    name: 'whoever is told that a run has not begun leaves it to the sweep',
    edits: [
      { file: 'dispatch/line/line-work.ts', find: ' || begun.turn?.isHeld) return true', replace: ') return true' },
    ],
    file,
    says,
  },
  {
    name: 'a dispatch is settled that has not ended',
    edits: [
      {
        file: 'engines/redis/line/settle.lua',
        find: "if state_of_run(ARGV[2]) ~= 'ended' then return '' end",
        replace: '',
      },
    ],
    file,
    says,
  },
  {
    name: 'a transcript is cut for a run that is not there',
    edits: [{ file: 'engines/redis/line/branch.lua', find: "state_of_run(ARGV[2]) ~= 'held' or", replace: '' }],
    file,
    says,
  },
  {
    name: 'a conversation lets go of the list that it stands on again',
    edits: [
      {
        file: 'engines/redis/line/forget.lua',
        find: "if line[1] and not line[2] and string.match(line[1], '^%S+') == ARGV[2] then return 1 end",
        replace: '',
      },
    ],
    file,
    says,
  },
]
