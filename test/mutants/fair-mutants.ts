import type { Edit } from './mutant.ts'

/** A rule that the simulation does not play, and the test that finds it broken. */
export interface TestedMutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** A file of tests, run on a copy of the code. */
  readonly file: string
  readonly says: RegExp
}

const model = 'test/conformance/fair-queue-model.test.ts'
const contract = 'test/conformance/fair-queue-contract.test.ts'

/** The rules of turns: whose it is, how many an account has in hand, and that a place keeps its job. */
export const fairMutants: readonly TestedMutant[] = [
  {
    name: 'an account that has had a turn is a newcomer again, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/fair/fair-queue.ts',
        find: 'at: Math.max(virtualNow, nextTurns.get(account) ?? 0)',
        replace: 'at: virtualNow - ++count',
      },
    ],
    file: model,
    says: /waited for \d+ turns of/,
  },
  {
    name: 'an account has more in hand than it may, in the script',
    edits: [
      {
        file: 'engines/redis/fair/fair.lua',
        find: ":running', account) or '0') < limit",
        replace: ":running', account) or '0') < limit + 1",
      },
    ],
    file: model,
    says: /has a turn, and no job or no room/,
  },
  {
    name: 'a turn moves nothing on, in the script',
    edits: [
      {
        file: 'engines/redis/fair/take.lua',
        find: 'whole(at + math.floor(TURN / weight))',
        replace: 'whole(at + math.floor(TURN / weight) * 0 - 1)',
      },
    ],
    file: contract,
    says: /FAIL .*turns/,
  },
  {
    name: 'a late worker lets go of a place that another has, in the script',
    edits: [
      {
        file: 'engines/redis/fair/fair.lua',
        find: 'return tonumber(held.attempt) > tonumber(attempt)',
        replace: 'return false',
      },
    ],
    file: contract,
    says: /FAIL .*what a worker asks late/,
  },
]
