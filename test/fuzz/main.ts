import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/** `npm run test:fuzz -- --runs 20000 --seed 1`: test/specification/fuzz*.test.ts with more runs than the suite has time for. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } } })
const child = spawn('vitest', ['run', 'test/specification/requests/fuzz', '--testTimeout', '3600000'], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: values.runs, ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }) },
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
