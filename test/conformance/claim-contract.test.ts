import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

describe.each(engines)('claims on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    key = newKey()
  })

  const claimAs = (claim: string) => engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })

  test('wait for the time of a delayed run, by the clock of the store', async () => {
    await engine.runs.create(key, newRun({ notBefore: Date.now() + 3_600_000 }))
    expect(await claimAs('claim-1')).toEqual({ outcome: 'early' })
    const [run] = await engine.runs.find([key])
    expect(run).toMatchObject({ status: 'queued', attempts: 0, position: { offset: 1 } })
    key = newKey()
    await engine.runs.create(key, newRun({ notBefore: Date.now() - 1000 }))
    expect(await claimAs('claim-1')).toMatchObject({ outcome: 'claimed' })
  })

  test('keep files of their holder only, and each once', async () => {
    const keep = (claim: string, ...bytes: number[]) =>
      engine.runs.keepFile(key, claim, { id: 'file', content: new Uint8Array(bytes) })
    const kept = async () => [...((await engine.runs.file(key, 'file')) ?? [])]
    await engine.runs.create(key, newRun())
    await keep('claim-1', 1)
    await claimAs('claim-1')
    // Another worker takes the run over.
    await claimAs('claim-2')
    await keep('claim-1', 1, 2)
    expect(await kept()).toEqual([])
    await keep('claim-2', 1, 2, 3)
    await keep('claim-2', 4)
    expect(await kept()).toEqual([1, 2, 3])
  })
})
