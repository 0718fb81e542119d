import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { missedTargets, type Target } from './report/check.ts'
import { type Figure, tableOf } from './report/figure.ts'
import targets from './targets.json' with { type: 'json' }

// Runs all benchmarks in turn, each in its own process, and prints one table. A number is the number of rounds. With
// `--check` it fails where a ratio is worse than its row in targets.json by more than the noise.
const { values: asked, positionals: rounds } = parseArgs({
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
})
const files = [
  'dispatches',
  'runs',
  'token-latency',
  'first-token',
  'stream-close',
  'late-replay',
  'long-run',
  'fan-out',
  'idle-watchers',
  'ended-runs',
  'burst',
  'recovery',
  'reconnect-storm',
  'telemetry',
  'dataset-search',
  'react-page',
]
const figures: Figure[] = []
const failures: string[] = []
for (const file of files) {
  process.stdout.write(`${file} (load before it: ${loadavg()[0]?.toFixed(1)})\n`)
  const child = fork(fileURLToPath(new URL(`./${file}.ts`, import.meta.url)), rounds)
  child.on('message', (figure) => figures.push(figure as Figure))
  const [code] = await once(child, 'exit')
  if (code !== 0) failures.push(file)
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
process.stdout.write(`\n${machine}; medians of rounds, the least and the greatest in brackets\n\n${tableOf(figures)}\n`)
if (failures.length > 0) {
  process.stderr.write(`Failed: ${failures.join(', ')}\n`)
  process.exitCode = 1
}
const missed = asked.check === true ? missedTargets(figures, targets satisfies readonly Target[]) : []
if (missed.length > 0) {
  process.stderr.write(`Missed:\n${missed.map((sentence) => `  ${sentence}\n`).join('')}`)
  process.exitCode = 1
}
