import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Runs the simulation on a copy of the code with the mutant's edits, in a process of its own. Answers with what it said
 * and how it ended: 1, when the judge found something. Throws when an edit does not fit the code any more.
 */
export async function runMutant(mutant: Mutant, redisServer?: string): Promise<{ code: number; said: string }> {
  const copy = mkdtempSync(join(tmpdir(), 'backchannel-mutant-'))
  try {
    for (const part of ['src', 'test/faults', 'test/simulation', 'test/support', 'package.json']) {
      cpSync(join(root, part), join(copy, part), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const { file, find, replace } of mutant.edits) {
      const path = join(copy, 'src', file)
      const before = readFileSync(path, 'utf8')
      const places = before.split(find).length - 1
      if (places !== 1)
        throw new Error(`The mutant "${mutant.name}" finds its text ${places} times in src/${file}: ${find}`)
      writeFileSync(
        path,
        before.replace(find, () => replace),
      )
    }
    const { memory = 0, redis = 0, first = 1 } = mutant.on
    const args = ['test/simulation/main.ts', '--first', `${first}`, '--seeds', `${memory}`, '--redis', `${redis}`]
    const env: NodeJS.ProcessEnv = { ...process.env }
    if (redisServer !== undefined) env['REDIS_SERVER_BIN'] = redisServer
    // Of vitest's own: the simulation is to find its Redis as it does without it.
    delete env['VITEST']
    const child = spawn(process.execPath, args, { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return { code, said: out + err }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
