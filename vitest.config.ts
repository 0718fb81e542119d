import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// A shared compile cache: the tests start hundreds of processes that load the same modules, and loading is a third of
// the cost of starting one.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url))

/**
 * Runs the longest files first, because a long file that starts last would run on alone. A clean clone has no durations
 * yet.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /test\/(mutants|faults|simulation)\//.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  // graphql 16 ships a second copy for bundlers. Vite would load it besides the copy that Node gives to the libraries.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [],
    globalSetup: ['test/support/global-setup.ts'],
    // Separate processes: a test that runs out of memory or leaves a handle open affects only its own file.
    pool: 'forks',
    // Each may start a Redis, a service and a browser.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
