import { beforeAll, expect, test } from 'vitest'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { LoopTurns } from '../../src/kernel/loop-turns.ts'
import type { WorkerDeps } from '../../src/worker/worker.ts'
import { createWorker } from '../../src/worker/worker.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { createScriptedModel } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

let engine: Engine
beforeAll(async () => {
  const [, open] = engines.at(-1) ?? []
  if (open === undefined) throw new Error('There are engines.')
  engine = await open()
})

/** Turns that say who asked for what. */
function watch() {
  const asked: { account: string; costMs: number | undefined }[] = []
  const loopTurns: LoopTurns = {
    hasRoom: () => false,
    pass(account, costMs) {
      asked.push({ account, costMs })
      return undefined
    },
  }
  return { asked, loopTurns }
}

test('a run takes its account’s turns: for its claim, each step by the size of its conversation, each part of an answer', async () => {
  const { key, work, run } = createWorkplace(engine)
  const { asked, loopTurns } = watch()
  await engine.runs.create(key, newRun({ messages: [{ id: 'm1', type: 'user', text: 'x'.repeat(500_000) }] }))
  await work(createScriptedModel([{ lines: ['One ', 'two ', 'three.'] }]), { loopTurns })
  expect((await run()).status).toBe('completed')
  expect(new Set(asked.map(({ account }) => account))).toEqual(new Set([key.account]))
  const costs = asked.map(({ costMs }) => costMs)
  expect(costs[0]).toBeUndefined()
  expect(costs.filter((costMs) => costMs !== undefined && costMs >= 5)).toHaveLength(2)
  expect(costs.filter((costMs) => costMs !== undefined && costMs < 0.1)).toHaveLength(3)
})

test('an account’s claims are read four at a time, and another’s beside them', async () => {
  const claimed: string[] = []
  const replies: (() => void)[] = []
  const runs = {
    claim: ({ account }: { readonly account: string }) =>
      new Promise((resolve) => {
        claimed.push(account)
        replies.push(() => resolve({ outcome: 'stale' }))
      }),
  } as unknown as RunStore
  const deps = { runs, ids, loopTurns: watch().loopTurns, lossLimit: 5 } as unknown as WorkerDeps
  const handle = createWorker(deps)
  const of = (account: string) => ({ key: { ...newKey(), account: account as never }, wake: 1 })
  const signal = new AbortController().signal
  const done = [...Array.from({ length: 5 }, () => of('a')), of('b')].map((job) => handle(job, signal))
  await new Promise(setImmediate)
  expect(claimed).toEqual(['a', 'a', 'a', 'a', 'b'])
  while (claimed.length < 6 || replies.length > 0) {
    for (const reply of replies.splice(0)) reply()
    await new Promise(setImmediate)
  }
  expect(await Promise.all(done)).toEqual(Array.from({ length: 6 }, () => 'done'))
})
