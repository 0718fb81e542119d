import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// A shared compile cache: the tests start hundreds of processes that load the same modules, and loading is a third of
// the cost of starting one.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url))

/** Files that weigh what the process holds or change its environment, so that nothing of another file may be in it. */
const alone = [
  'test/extensions/safe-fetch/{limits,reach}.test.ts',
  'test/specification/redis/waiting-room.test.ts',
  'test/specification/requests/fuzz*.test.ts',
  'test/specification/runs/complaints.test.ts',
  'test/specification/watching/{bounds,bounds-long-run.at-length,slow-reader}.test.ts',
]

/** What builds the package or compiles all sources; `npm run check:all` runs it. */
const atLengthOnly = process.env['AT_LENGTH'] === undefined ? ['test/**/*.at-length.test.ts'] : []

/** The longest first, which a clean clone cannot know: begun last, one would run on alone. */
const longest =
  /\/(runs\/(blocked|deploys|documented|durable|grace|idempotence|processes|providers)|redis\/|watching\/|client\/(chromium|cuts)|mutants\/|faults\/|simulation\/)/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification) =>
      (project.config.isolate ? 0 : 2) + (longest.test(moduleId) ? 0 : 1)
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  // graphql 16 ships a second copy for bundlers. Vite would load it besides the copy that Node gives to the libraries.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/lifetime/setup.ts', 'test/support/patience.ts'],
    // Processes of their own: a test that runs out of memory takes only its worker along.
    pool: 'forks',
    // Three for each core of a small machine: many tests wait, for a lease, a back-off or a browser.
    maxWorkers: 6,
    sequence: { sequencer: LongestFirst },
    // Those that run at once mostly wait for back-offs.
    maxConcurrency: 12,
    // A machine that does other things as well may be several times slower.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // As `vi.waitFor` has it (test/support/patience.ts); a second would be a bound on the machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude: atLengthOnly, isolate: true } },
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...alone, ...atLengthOnly], isolate: false },
      },
    ],
  },
})
