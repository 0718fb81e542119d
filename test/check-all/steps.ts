import { faultPlans } from '../faults/plan.ts'

/** A command, and how long it took when it was last green (docs/operations/check-all.md). */
export interface Step {
  readonly name: string
  /** Run by `node`, from the root of the repository; a name without a slash is a command of `node_modules/.bin`. */
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** It hardly computes, so it begins first and runs beside the others. */
  readonly waits?: true
}

const faults = (plan: string): Step => ({
  name: `faults: ${plan}`,
  command: ['test/faults/main.ts', '--plan', plan, '--seed', '1', '--seconds', '60'],
})

/** The embedded engine's four processes side by side: most of their lives, clients wait for them. */
const kills: Step = {
  name: 'faults: embedded',
  command: [
    'test/faults/main.ts',
    ...['--plan', 'embedded', '--seed', '1', '--seconds', '3600', '--kills', '1000', '--lanes', '4'],
    ...['--width', '5', '--patience', '300'],
  ],
}

const mutants = (by: string): Step => ({ name: `mutants: ${by}`, command: ['test/mutants/main.ts', '--by', by] })

/** The quick ones first. */
export const steps: readonly Step[] = [
  { name: 'lint', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'drift', command: ['graphql-codegen', '--check'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'tests, at length', command: ['vitest', 'run'], env: { AT_LENGTH: '1' } },
  {
    name: 'long run',
    command: ['vitest', 'run', 'test/specification/watching/bounds-long-run'],
    env: { AT_LENGTH: '1', LONG_RUN_WORDS: '100000' },
  },
  { name: 'simulation', command: ['test/simulation/main.ts', '--seeds', '2000', '--file', '500', '--redis', '300'] },
  mutants('simulation'),
  mutants('secrets'),
  mutants('fleet'),
  mutants('tests'),
  ...Object.keys(faultPlans)
    .filter((plan) => plan !== 'embedded')
    .map(faults),
  kills,
  { name: 'power loss', command: ['test/power-loss/main.ts', '--losses', '2000'] },
  { name: 'fuzz', command: ['test/fuzz/main.ts', '--runs', '6000'] },
  { name: 'the package, installed', command: ['test/package/main.ts'] },
  { name: 'the client package, installed', command: ['test/package/client.ts'] },
  { name: 'the image, in a clean root', command: ['test/image/main.ts'] },
  { name: 'the chart, rendered', command: ['test/chart/main.ts'] },
  { name: 'idle connection', command: ['test/silence/idle.ts'], waits: true },
  { name: 'silence', command: ['test/silence/main.ts'], waits: true },
]
