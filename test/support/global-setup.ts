import type { TestProject } from 'vitest/node'
import { ensureTools } from './ensure-tools.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a redis-server, 7.0 or newer. */
    redisServer: string
    /** Path of a Chromium or Chrome. */
    chromium: string
    /** Path of an nginx. */
    nginx: string
    /** Path of Prometheus's promtool. */
    promtool: string
  }
}

/** Runs once before all test files, so that a machine without the tools says so once. */
export async function setup(project: TestProject): Promise<void> {
  const { redisServer, chromium, nginx, promtool } = await ensureTools()
  project.provide('redisServer', redisServer)
  project.provide('chromium', chromium)
  project.provide('nginx', nginx)
  project.provide('promtool', promtool)
}
