import { parseArgs } from 'node:util'
import { runFaults } from './run-faults.ts'

/** `npm run test:faults -- --seed 7 --seconds 120 --width 20`: the long version, for as long as one likes. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    seconds: { type: 'string', default: '120' },
    width: { type: 'string', default: '20' },
  },
})
const options = { seed: Number(values.seed), seconds: Number(values.seconds), width: Number(values.width) }
process.stdout.write(`seed ${options.seed}, ${options.seconds} s, ${options.width} runs at once\n`)
const report = await runFaults(options)
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exit(report.wrong.length === 0 ? 0 : 1)
