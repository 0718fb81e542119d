import { startHelper } from '../../../src/kernel/helpers/helper.ts'

/** A process that gives a helper work for a minute, of which it may take a second, and tells its id. */
const helper = startHelper({ entry: new URL('./stand-in.ts', import.meta.url), memoryMb: 64, graceMs: 1000 })
const { outcome } = await helper.run({ name: 'name-process', input: null, parts: [], ms: 5000 })
if (outcome.kind !== 'done') throw new Error(outcome.kind)
const working = helper.run({ name: 'spend-time', input: 60_000, parts: [], ms: 1000 })
process.send?.(outcome.value)
await working
