import { parseArgs } from 'node:util'
import { type FaultPlanName, faultPlans } from './plan.ts'
import { runFaults } from './run-faults.ts'

/**
 * `npm run test:faults -- --seed 7 --seconds 120 --width 20 --plan lossy`: the long version, for as long as one likes; the
 * plans are those of plan.ts. `--root DIR` runs the service whose code is there, and `--until REGEXP` ends at the first thing that
 * is wrong in that way, both for hunting mutants. Ends with 1 when something was wrong.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    seconds: { type: 'string', default: '120' },
    width: { type: 'string', default: '20' },
    plan: { type: 'string', default: 'everything' },
    patience: { type: 'string', default: '90' },
    root: { type: 'string' },
    until: { type: 'string' },
  },
})
const said = (text: string) => void process.stdout.write(`${text}\n`)

if (!Object.hasOwn(faultPlans, values.plan)) {
  said(`--plan ${values.plan}: takes one of ${Object.keys(faultPlans).join(', ')}`)
  process.exit(2)
}
const [seed, seconds, width] = [values.seed, values.seconds, values.width].map(Number) as [number, number, number]
said(`seed ${seed}, ${seconds} s, ${width} runs at once, plan ${values.plan}`)
const report = await runFaults({
  seed,
  seconds,
  width,
  // It was looked up above.
  plan: values.plan as FaultPlanName,
  patienceMs: Number(values.patience) * 1000,
  root: values.root,
  onWrong: (line) => {
    said(line)
    // What runs ends with this process.
    if (values.until !== undefined && new RegExp(values.until).test(line)) process.exit(1)
  },
})
said(JSON.stringify(report, null, 2))
process.exit(report.wrong.length === 0 ? 0 : 1)
