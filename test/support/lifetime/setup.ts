import { relative } from 'node:path'
import { aroundAll, aroundEach, expect } from 'vitest'
import { held, leftBehind } from './left-behind.ts'
import { withScope } from './opened.ts'

// Before the test file is read: what it starts while it is read counts as well.
const before = held()

aroundEach(withScope)

/** What a file has opened is closed after its last hook; a file that leaves anything running fails by its name. */
aroundAll(async (runSuite) => {
  await withScope(runSuite)
  const left = await leftBehind(before)
  const file = relative('.', expect.getState().testPath ?? '')
  if (left.length > 0) throw new Error(`${file} leaves behind: ${left.join(', ')}`)
})
