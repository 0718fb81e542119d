import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [],
    globalSetup: ['test/support/global-setup.ts'],
    // Processes of their own: a test that runs out of memory or leaves a handle open takes only its file along.
    pool: 'forks',
    // Each may run a Redis, a service and a browser of its own.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
