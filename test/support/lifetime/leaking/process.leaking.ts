import { spawn } from 'node:child_process'
import { test } from 'vitest'

test('starts a process and forgets it', () => {
  spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: 'ignore' })
})
