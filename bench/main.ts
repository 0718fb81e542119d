import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Figure, tableOf } from './report/figure.ts'

// Runs all benchmarks in turn, each in its own process, and prints one table. The first argument is the number of
// rounds.
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
]
const figures: Figure[] = []
const failures: string[] = []
for (const file of files) {
  process.stdout.write(`${file} (load before it: ${loadavg()[0]?.toFixed(1)})\n`)
  const child = fork(fileURLToPath(new URL(`./${file}.ts`, import.meta.url)), process.argv.slice(2))
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
