import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { root } from '../../house/imports.ts'
import { opened } from '../../support/lifetime/opened.ts'

test.each(['PORT', 'METRICS_PORT'])(
  'a port that is taken ends the process with one line that names %s',
  async (name) => {
    const other = opened(createServer())
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const { port } = other.address() as { port: number }
    const env = { ...process.env, PORT: '0', DATA_DIR: 'memory', [name]: String(port) }
    const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, ['src/main.ts'], { cwd: root, env }, (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      )
    })
    expect(ended).toEqual({ code: 1, stderr: `${name}: port ${port} on 127.0.0.1 is taken; set another ${name}.\n` })
  },
)
