import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { opened } from './lifetime/opened.ts'

test('a slow reader has all that a process has said before it ends', async () => {
  const module = JSON.stringify(fileURLToPath(new URL('exit-when-said.ts', import.meta.url)))
  const script = `import { exitWhenSaid } from ${module}
    process.stderr.write('all is said')
    process.stdout.write('x'.repeat(2_000_000))
    exitWhenSaid(3)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  opened(child, (it) => void it.kill('SIGKILL'))
  const ended = once(child, 'exit')
  // Nothing is read before the process has come to its last line.
  await once(child.stderr, 'data')
  expect(await text(child.stdout)).toHaveLength(2_000_000)
  expect((await ended)[0]).toBe(3)
})
