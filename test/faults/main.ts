import { parseArgs } from 'node:util'
import { findMutants } from './find-mutants.ts'
import { runFaults } from './run-faults.ts'

/**
 * `npm run test:faults -- --seed 7 --seconds 120 --width 20`: the long version, for as long as one likes. `--lossy`: Redis
 * also loses its last writes. `--mutants`: instead, breaks the protocol's rules one by one and looks who notices.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    seconds: { type: 'string', default: '120' },
    width: { type: 'string', default: '20' },
    lossy: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
  },
})
const said = (text: string) => void process.stdout.write(`${text}\n`)

async function harness(): Promise<boolean> {
  const [seed, seconds, width] = [values.seed, values.seconds, values.width].map(Number) as [number, number, number]
  said(
    `seed ${seed}, ${seconds} s, ${width} runs at once${values.lossy ? ', on a Redis that loses its last writes' : ''}`,
  )
  const report = await runFaults({ seed, seconds, width, isLossy: values.lossy })
  said(JSON.stringify(report, null, 2))
  return report.wrong.length === 0
}

process.exit((await (values.mutants ? findMutants(said) : harness())) ? 0 : 1)
