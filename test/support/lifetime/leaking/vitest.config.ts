import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Files that leave things behind on purpose; `left-behind.at-length.test.ts` runs them and reads what is said of each. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../../../', import.meta.url)),
    include: ['test/support/lifetime/leaking/*.leaking.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/lifetime/setup.ts'],
    pool: 'forks',
    // One process for all of them: each is told what itself has left.
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
