import { parseArgs } from 'node:util'
import { exitWhenSaid } from '../support/exit-when-said.ts'
import { type FaultPlanName, faultPlans } from './plan.ts'
import { runFaults } from './run-faults.ts'

/**
 * `npm run test:faults -- --seed 7 --seconds 120 --width 20 --plan lossy`: the long version, for as long as one likes; the
 * plans are those of plan.ts. `--root DIR` runs the service whose code is there, and `--until REGEXP` ends at the first thing that
 * is wrong in that way, both for hunting mutants. `--plan embedded --kills 1000 --lanes 4` ends with so many kills, of so many processes side by side. Ends with 1 when something was wrong.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    seconds: { type: 'string', default: '120' },
    width: { type: 'string', default: '20' },
    kills: { type: 'string', default: 'Infinity' },
    lanes: { type: 'string', default: '1' },
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
const [seed, seconds, width, lanes] = [values.seed, values.seconds, values.width, values.lanes].map(Number) as [
  number,
  number,
  number,
  number,
]
said(`seed ${seed}, ${seconds} s, ${width} runs at once, plan ${values.plan}`)
const play = (lane: number) =>
  runFaults({
    seed: seed + lane,
    seconds,
    kills: Math.ceil(Number(values.kills) / lanes),
    width,
    // It was looked up above.
    plan: values.plan as FaultPlanName,
    patienceMs: Number(values.patience) * 1000,
    root: values.root,
    onWrong: (line) => {
      said(line)
      // What runs ends with this process.
      if (values.until !== undefined && new RegExp(values.until).test(line)) exitWhenSaid(1)
    },
  })
const reports = await Promise.all(Array.from({ length: lanes }, (_, lane) => play(lane)))
for (const report of reports) said(JSON.stringify(report, null, 2))
exitWhenSaid(reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1)
