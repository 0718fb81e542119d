import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandNames } from '../../../../src/engines/redis/needs/commands.ts'
import { commandsIn } from '../../../../src/engines/redis/needs/guard.ts'
import { root } from '../../../house/imports.ts'

/** The scripts that BullMQ runs for us: to add, take, keep, hand back, retry, finish and count jobs. */
const queueScripts = [
  ...['addStandardJob-9', 'moveToActive-11', 'extendLock-2', 'moveJobFromActiveToWait-9', 'moveStalledJobsToWait-9'],
  ...['moveToFinished-14', 'moveToDelayed-11', 'retryJob-11', 'getCounts-1', 'getRanges-1'],
]
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** What we, ioredis, graphql-redis-subscriptions and BullMQ call outside scripts. */
const direct = ['BZPOPMIN', 'EVAL', 'EVALSHA', 'HVALS', 'INFO', 'PING', 'PUNSUBSCRIBE', 'SUBSCRIBE', 'UNSUBSCRIBE']

test('the list has each command of the scripts that we and BullMQ run and of direct calls, and no other', () => {
  const used = new Set<string>(direct)
  for (const file of globSync('src/engines/redis/**/*.{lua,ts}', { cwd: root }))
    for (const [, name = ''] of textOf(file).matchAll(/redis\.call\('(\w+)'/g)) used.add(name)
  for (const script of queueScripts) {
    const text = textOf(`node_modules/bullmq/dist/esm/scripts/${script}.js`)
    for (const [, name = ''] of text.matchAll(/(?:rcall|redis\.call)\(\s*['"](\w+)['"]/g)) used.add(name.toUpperCase())
    for (const [, name = ''] of text.matchAll(/pushCmd = ['"](\w+)['"]/g)) used.add(name.toUpperCase())
  }
  expect(used.size).toBeGreaterThan(60)
  expect([...commandNames].sort()).toEqual([...used].sort())
})

test('a script reaches the commands of the functions that it calls, and of no others', () => {
  const lua = `local function a()\n  redis.call('HSET', KEYS[1], 'f', 'v')\nend\nlocal function b()\n  a()\n  redis.call('DEL', KEYS[1])\nend\nlocal function c()\n  redis.call('GET', KEYS[1])\nend\nb()`
  expect(commandsIn(lua)).toEqual(['DEL', 'HSET'])
  expect(() => commandsIn(`redis.call('FLUSHALL')`)).toThrow('FLUSHALL')
})
