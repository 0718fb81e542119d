import { expect } from 'vitest'
import { ConfigError, readConfig } from '../../src/config/config.ts'

/** What is said of such an environment, a line each. */
export function problems(env: NodeJS.ProcessEnv, role: 'all' | 'api' | 'worker' = 'all'): readonly string[] {
  try {
    readConfig(env, role)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [title, ...lines] = error.message.split('\n')
    expect(title).toBe('The configuration is wrong:')
    return lines.map((line) => line.trim())
  }
  return []
}
