import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../../src/kernel/errors.ts'
import { serveJobs } from '../../../src/kernel/helpers/serve-jobs.ts'

/** The entry of a helper process whose jobs stand in for libraries that take their time, and their memory. */
let kept: unknown[] = []

serveJobs(process, {
  double: (n: number) => n * 2,
  'add-parts': (n: number, parts: readonly number[]) => parts.reduce((sum, part) => sum + part, n),
  'spend-time': (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end);
    return 'spent'
  },
  // Nothing in the process can interrupt this one.
  'sit-still': (seconds: number) => spawnSync('/bin/sleep', [String(seconds)]).status,
  'wait-long': (ms: number, _parts, signal) => sleep(ms, 'waited', { signal }),
  'take-memory': (megabytes: number) => megabytesOf(megabytes).length,
  'keep-memory': (megabytes: number) => {
    kept = [...kept, ...megabytesOf(megabytes)]
  },
  'go-deep': goDeep,
  fail: (message: string) => {
    throw new Failure('BAD_USER_INPUT', message)
  },
  break: () => {
    throw new TypeError('a defect')
  },
  'read-environment': () => Object.keys(process.env).filter((name) => name !== 'NODE_CHANNEL_FD'),
  'name-process': () => process.pid,
})

/** Needs a stack for each level. */
function goDeep(levels: number): number {
  return levels === 0 ? 0 : 1 + goDeep(levels - 1)
}

function megabytesOf(count: number): readonly string[] {
  return Array.from({ length: count }, () => Buffer.alloc(1_000_000, 'x').toString('latin1'))
}
