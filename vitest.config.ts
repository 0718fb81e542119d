import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // graphql 16 has a second copy for bundlers, which Vite would load beside the one that Node gives to the libraries.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
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
